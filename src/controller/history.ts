import type { HistorySample } from '../core/history.ts'
import type { Decision } from '../core/scaling.ts'
import { spendSamples } from './cost.ts'
import type { FleetView } from './view.ts'

/** What the history keeps of a tick: every metric that was measured, and how many servers there were. What could not be measured
 *  leaves a gap. Pure. */
export function samplesOf(view: FleetView, { have, want }: Decision): readonly HistorySample[] {
  const fleet = view.fleet.name
  const serving = view.servers.filter((server) => server.state === 'serving').length
  const counts = Object.entries({ have, want, serving })
  const readings = Object.entries({ ...view.readings, ...view.measured.besides })
  return [
    ...(view.blind.length > 0
      ? []
      : counts.map(([metric, value]) => ({ fleet, metric, at: view.now, value }))),
    ...spendSamples(view),
    ...readings.flatMap(([metric, reading]) => (reading?.ok ? [{ fleet, metric, ...reading.sample }] : [])),
  ]
}
