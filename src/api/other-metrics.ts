import type { Family } from './metric-family.ts'

/** What would be wanted in place of what is. */
export const OTHER_FAMILIES: readonly Family[] = [
  {
    name: 'tidegate_fleet_desired_by_other',
    type: 'gauge',
    help: 'Servers that another way to scale would want on the same load, by its rule; absent while that is not known.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, others }) =>
        others.flatMap(({ rule, want }) => (want === null ? [] : [{ labels: { fleet, rule }, value: want }])),
      ),
  },
  {
    name: 'tidegate_fleet_shadow_desired',
    type: 'gauge',
    help: 'Servers that the configuration in shadow wants; absent where none runs.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, shadow }) =>
        shadow?.decision ? [{ labels: { fleet }, value: shadow.decision.want }] : [],
      ),
  },
]
