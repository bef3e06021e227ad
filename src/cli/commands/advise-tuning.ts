import { adviseTuning as advised, type TuningAnswer } from '../../app/advise-tuning.ts'
import { fleetOf } from '../../app/simulated-fleet.ts'
import type { FleetStatus } from '../../core/admin.ts'
import type { FleetSpec } from '../../core/policy.ts'
import type { Settings } from '../../core/settings.ts'
import type { Clock, Millis } from '../../core/time.ts'
import {
  changesText,
  type SettingChange,
  shareText,
  type TuningFigures,
  type TuningStudy,
} from '../../core/tuning.ts'
import { TUNING_AIMS } from '../../core/tuning-spec.ts'
import { formatDuration } from '../../core/units.ts'
import type { Output } from '../output.ts'
import type { Progress } from '../progress.ts'
import { table } from '../table.ts'
import { assumptionLines } from '../tuning-assumptions.ts'
import type { Past } from './history.ts'

/** As the command line gives them. Times are in ms, shares from 0 to 1. */
export interface AdviseTuningOptions {
  readonly days?: number
  readonly objective?: Millis
  readonly late?: number
}

export interface TuningContext {
  readonly out: Output
  readonly json: boolean
  readonly clock: Clock
  readonly progress: Progress
  readonly settings: Settings
  readonly past: Pick<Past, 'withDesk'>
  /** What runs says of a fleet; null = nothing runs. */
  status(fleet: string): Promise<FleetStatus | null>
}

/** `tidegate advise tuning [FLEET]`: exit code 1 when nothing is proposed. */
export async function adviseTuning(
  name: string | undefined,
  { days, objective, late }: AdviseTuningOptions,
  { out, json, clock, progress, settings, past, status }: TuningContext,
): Promise<number> {
  const { fleet } = fleetOf(settings, name ?? null)
  const aims = {
    ...(fleet.tuning?.aims ?? TUNING_AIMS),
    ...(days !== undefined && { days }),
    ...(objective !== undefined && { objectiveMs: objective }),
    ...(late !== undefined && { late }),
  }
  const running = await status(fleet.name)
  if (running === null && fleet.tuning !== undefined)
    out.note('nothing runs that knows what is tuned: what the file says is replayed')
  const told = (runs: number, most: number) =>
    progress(`replays the days with other settings: run ${runs} of ${most} at most`)
  const ask = { aims, running, now: clock.now(), told }
  const answer = await past.withDesk((desk) => advised(fleet, ask, desk)).finally(() => progress(''))
  const { study, question } = answer
  const { server, startup, price } = question
  if (json) out.json({ fleet: fleet.name, assumed: { ...aims, server, startup, price }, ...study })
  else print(fleet, answer, out)
  return study.proposal === null ? 1 : 0
}

function print(fleet: FleetSpec, answer: TuningAnswer, out: Output): void {
  const { days, now, trials, proposal, says } = answer.study
  const { line, note, quote, say } = out
  if (now !== null) {
    line(`${fleet.name}: ${days} days replayed; one day chooses, the next one confirms`)
    for (const assumption of assumptionLines(answer)) line(assumption)
    for (const row of trialTable(fleet, { now, trials }, say)) quote(row)
  }
  if (proposal === null) {
    note(`nothing is proposed: ${says}`)
    return
  }
  line(`proposal: ${says}`)
  const [least, most] = proposal.spread
  line(`by the chance of arrivals and start-ups it saves ${shareText(least)} to ${shareText(most)}`)
  line('put these values into your file; everything else there stays:')
  for (const row of fileLines(fleet, proposal.changes)) quote(row)
}

/** Server-hours and changes are of a day. */
function trialTable(
  fleet: FleetSpec,
  { now, trials }: { now: NonNullable<TuningStudy['now']>; trials: TuningStudy['trials'] },
  say: Output['say'],
): readonly string[] {
  const headings = [
    'SETTINGS',
    '>SERVER-HOURS',
    '>SAVES',
    '>LATE',
    '>CONFIRMED',
    '>SAVES',
    '>LATE',
    '>WORST DAY',
    '>CHANGES',
    '>RUNS',
  ]
  const row = (name: string, { chosen, confirmed }: typeof now, runs: string) => [
    name,
    chosen.serverHours.toFixed(1),
    saved(chosen, now.chosen),
    shareText(chosen.late),
    confirmed.serverHours.toFixed(1),
    saved(confirmed, now.confirmed),
    shareText(confirmed.late),
    shareText(confirmed.worstDay),
    confirmed.changes.toFixed(1),
    runs,
  ]
  const rows = trials.map((trial) => row(changesText(trial.changes, fleet), trial, String(trial.seeds)))
  return table(headings, [row(say('as they are'), now, '-'), ...rows], say)
}

function saved({ serverHours }: TuningFigures, now: TuningFigures): string {
  return `${(100 * (1 - serverHours / now.serverHours)).toFixed(1)} %`
}

/** What to put into the file. */
export function fileLines(fleet: FleetSpec, changes: readonly SettingChange[]): readonly string[] {
  const to = new Map(changes.map(({ key, to }) => [key, to]))
  const min = to.get('min')
  const [patience, cooldown] = ['patience', 'cooldown'].map((key) => to.get(`guards.${key}.in`))
  const guards = [
    ...(patience === undefined ? [] : [`patience: { in: ${formatDuration(patience)} }`]),
    ...(cooldown === undefined ? [] : [`cooldown: { in: ${formatDuration(cooldown)} }`]),
  ]
  const policies = fleet.policies.flatMap((policy) => {
    const value = to.get(`policies.${policy.name}.value`)
    if (value === undefined || !('metric' in policy)) return []
    const { type, name, metric, ofCapacity } = policy
    const written = ofCapacity ? `${Number((100 * value).toPrecision(6))}%` : Number(value.toPrecision(6))
    return [`      - { type: ${type}, name: ${name}, metric: ${metric}, value: ${written} }`]
  })
  return [
    'fleets:',
    `  ${fleet.name}:`,
    ...(min === undefined ? [] : [`    min: ${min}`]),
    ...(guards.length === 0 ? [] : [`    guards: { ${guards.join(', ')} }`]),
    ...(policies.length === 0 ? [] : ['    policies:', ...policies]),
  ]
}
