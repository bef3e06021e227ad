import type { Spend } from '../core/cost.ts'
import { type HistorySample, OTHER_COUNTS } from '../core/history.ts'
import type { Decision } from '../core/scaling.ts'
import { spendSamples } from './cost.ts'
import type { Done } from './journal.ts'
import type { FleetView } from './view.ts'

/** What the history keeps of a tick: every metric that was measured, and how many servers there were and others would have. What could
 *  not be measured leaves a gap. Pure. */
export function samplesOf(
  view: FleetView,
  { have, want }: Decision,
  { others, shaded, spend }: Pick<Done, 'others' | 'shaded'> & { readonly spend?: Spend | undefined },
): readonly HistorySample[] {
  const fleet = view.fleet.name
  const serving = view.servers.filter((server) => server.state === 'serving').length
  const wanted = others.flatMap(({ rule, want: other }): [string, number][] =>
    other === null ? [] : [[OTHER_COUNTS[rule], other]],
  )
  const shadow = shaded?.decision ? [['want-shadow', shaded.decision.want] as const] : []
  const counts = [...Object.entries({ have, want, serving }), ...wanted, ...shadow]
  const readings = Object.entries({ ...view.readings, ...view.measured.besides })
  return [
    ...(view.blind.length > 0
      ? []
      : counts.map(([metric, value]) => ({ fleet, metric, at: view.now, value }))),
    ...spendSamples(view, spend),
    ...readings.flatMap(([metric, reading]) => (reading?.ok ? [{ fleet, metric, ...reading.sample }] : [])),
  ]
}
