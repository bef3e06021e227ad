import type { Family } from './metric-family.ts'

/** What the servers of fleets have taught. */
export const LEARNED_FAMILIES: readonly Family[] = [
  {
    name: 'tidegate_fleet_capacity_requests_per_second',
    type: 'gauge',
    help: 'What one server carries at most, as far as it is known with confidence: the estimate, and its bounds.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, learned: { capacity } }) =>
        capacity?.confident
          ? Object.entries(capacity.mostRps).map(([of, value]) => ({
              labels: { fleet, of },
              value: value ?? Number.POSITIVE_INFINITY,
            }))
          : [],
      ),
  },
  {
    name: 'tidegate_fleet_knee_requests_per_second',
    type: 'gauge',
    help: 'What one server carries before its latency knees, as far as it is known with confidence.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, learned: { capacity } }) =>
        capacity?.confident ? [{ labels: { fleet }, value: capacity.kneeRps }] : [],
      ),
  },
  {
    name: 'tidegate_fleet_startup_seconds',
    type: 'gauge',
    help: 'What the newest fifty servers took from launch to serving: the median, and the 95th percentile.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, learned: { startup } }) =>
        startup === null
          ? []
          : [
              { labels: { fleet, of: 'median' }, value: startup.medianMs / 1000 },
              { labels: { fleet, of: 'p95' }, value: startup.p95Ms / 1000 },
            ],
      ),
  },
]
