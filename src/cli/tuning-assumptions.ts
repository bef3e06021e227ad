import type { TuningAnswer } from '../app/advise-tuning.ts'
import { shareText } from '../core/tuning.ts'
import { formatDuration, formatValue } from '../core/units.ts'

/** What a replay took for granted, and who says so: a sentence each. */
export function assumptionLines({ question, learned }: TuningAnswer): readonly string[] {
  const { fleet, aims, server, startup, price } = question
  if (server === null) return []
  const carries = formatValue(server.capacity, 'per-second')
  const carriesBy = fleet.capacityRps === null ? 'as was learned' : 'as the file says'
  const slotsBy = learned.capacity ? 'as was learned' : 'taken, for nothing is known of it'
  const startBy = learned.startup ? 'as was learned' : 'taken, for no start is known'
  return [
    `assumed: a server carries ${carries} (${carriesBy})`,
    `assumed: it works on ${server.slots} requests at once (${slotsBy})`,
    `assumed: it serves ${formatDuration(startup.medianMs)} after its launch (${fleet.usualStartupMs === null ? startBy : 'as the file says'})`,
    `assumed: a request is late when it waits longer than ${formatDuration(aims.objectiveMs)}, and ${shareText(aims.late)} may be`,
    price === null
      ? 'assumed: nothing of its price, which is not known'
      : `assumed: a server costs ${Number(price.each.toPrecision(4))} ${price.currency} an hour`,
  ]
}
