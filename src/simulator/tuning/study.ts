import type { TuningProposal, TuningQuestion, TuningStudy, TuningTrial } from '../../core/tuning.ts'
import { changesText, shareText } from '../../core/tuning.ts'
import { formatDuration } from '../../core/units.ts'
import { type Neighbour, neighboursOf } from '../../scaling/tuning/neighbours.ts'
import { fileOf } from '../../scaling/tuning/overlay.ts'
import { type Best, Judge, savingOf, type Tried, verdictOf } from './better.ts'
import { type Day, figuresOf, lateOf } from './days.ts'
import { replayedOf } from './replayed.ts'

/** All are tried with the first seed; those that came furthest, with all of them. */
const FIRST_SEED = 1
const OTHER_SEEDS = [2, 3] as const
const FINALISTS = 4
/** A replay that comes to another number of servers than there were does not know the fleet. */
const WIDEST_MISFIT = 1.4
const MONTH_DAYS = 30
const AS_THEY_ARE: Neighbour = { changes: [], next: [] }

/** How far a study has come: runs through its days that are over, and how many there will be at most. */
export type Progress = (runs: number, most: number) => void

/** Replays the last days of a fleet with the settings around its own, and proposes those that are better on the days that choose when they
 *  are better on the other days too. Takes seconds to minutes; pure, but for whom it tells how far it has come. */
export function study(question: TuningQuestion, told: Progress = () => {}): TuningStudy {
  const replayed = replayedOf(question)
  if (typeof replayed === 'string') return nothing(replayed)
  const { fleet, aims } = question
  const neighbours = neighboursOf(fleet, fileOf(fleet), aims)
  const most = neighbours.length + 1 + OTHER_SEEDS.length * (1 + Math.min(neighbours.length, 2 * FINALISTS))
  let runs = 0
  const runOf = ({ changes }: Neighbour, seed: number) => {
    const days = replayed.run(changes, seed)
    told(++runs, most)
    return days
  }
  const run = (one: Neighbour) => runOf(one, FIRST_SEED)
  const more = (one: Tried) => tried(one, [...one.seeds, ...OTHER_SEEDS.map((seed) => runOf(one, seed))])
  const now = more(tried(AS_THEY_ARE, [run(AS_THEY_ARE)]))
  const misfit = misfitOf(question, now)
  const about = { days: replayed.days, warmDays: replayed.warmDays, now: halves(now) }
  if (misfit !== null) return { ...nothing(misfit), ...about }
  const judge = new Judge(aims, now)
  const first = judge.ranked(neighbours.map((one) => tried(one, [run(one)])))
  // Together with the first steps to them, since these are what is applied.
  const furthest = first.slice(0, FINALISTS)
  const isFinalist = (one: Tried) => furthest.some((far) => far === one || far.next === one.changes)
  const finalists = judge.ranked(first.filter(isFinalist).map(more))
  const trials = [...finalists, ...first.filter((one) => !isFinalist(one))].map((one) => trialOf(one, now))
  const verdict = verdictOf(finalists, judge, fleet)
  if (typeof verdict === 'string') return { ...about, trials, proposal: null, says: verdict }
  const proposal = proposalOf(question, { ...verdict, now })
  return { ...about, trials, proposal, says: saysOf(proposal, question) }
}

function nothing(why: string): TuningStudy {
  return { days: 0, warmDays: 0, now: null, trials: [], proposal: null, says: why }
}

function tried({ changes, next }: Neighbour, runs: readonly (readonly Day[])[]): Tried {
  const half = (parity: number) =>
    figuresOf(runs.map((days) => days.filter((_day, index) => index % 2 === parity)))
  return { changes, next, seeds: runs, chosen: half(0), confirmed: half(1) }
}

function halves({ chosen, confirmed }: Tried) {
  return { chosen, confirmed }
}

function misfitOf({ servers }: TuningQuestion, { chosen, confirmed }: Tried): string | null {
  const replayed = (chosen.serverHours + confirmed.serverHours) / 48
  if (servers === null || (replayed < WIDEST_MISFIT * servers && servers < WIDEST_MISFIT * replayed))
    return null
  return `a replay with the settings as they are comes to ${replayed.toFixed(1)} servers in the mean, and there were ${servers.toFixed(1)}: it does not know this fleet well enough`
}

function trialOf(one: Tried, now: Tried): TuningTrial {
  const { changes, chosen, confirmed, seeds } = one
  return { changes, seeds: seeds.length, chosen, confirmed, saving: savingOf(confirmed, now.confirmed) }
}

function proposalOf(
  { price }: TuningQuestion,
  { kind, best, step, now }: Best & { readonly now: Tried },
): TuningProposal {
  const savings = best.seeds.map((days, seed) => confirmedSaving(days, now.seeds[seed] ?? []))
  const dayPairs = pairs(best, now)
  const good = dayPairs.filter(([after, before]) =>
    kind === 'saving' ? hours(after) < hours(before) : lateOf(after) < lateOf(before),
  )
  const [before, after] = [now.confirmed, best.confirmed]
  return {
    kind,
    changes: best.changes,
    next: best.next,
    saving: savingOf(after, before),
    nextSaving: savingOf(step.confirmed, before),
    spread: [Math.min(...savings), Math.max(...savings)],
    monthly: price && {
      amount: (before.serverHours - after.serverHours) * MONTH_DAYS * price.each,
      currency: price.currency,
    },
    before,
    after,
    days: dayPairs.length,
    goodDays: good.length,
  }
}

function confirmedSaving(days: readonly Day[], before: readonly Day[]): number {
  const confirming = (all: readonly Day[]) => hours(all.filter((_day, index) => index % 2 === 1))
  return 1 - confirming(days) / confirming(before)
}

/** Each day that confirms, of all seeds, with the new settings and with those of now. */
function pairs(best: Tried, now: Tried): readonly (readonly [readonly Day[], readonly Day[]])[] {
  const count = Math.floor((now.seeds[0]?.length ?? 0) / 2)
  return Array.from({ length: count }, (_, pair) => {
    const day = ({ seeds }: Tried) => seeds.flatMap((days) => days[2 * pair + 1] ?? [])
    return [day(best), day(now)] as const
  })
}

function hours(days: readonly Day[]): number {
  return days.reduce((total, { serverHours }) => total + serverHours, 0)
}

function saysOf(proposal: TuningProposal, { fleet, aims }: TuningQuestion): string {
  const { changes, saving, monthly, before, after, days, goodDays } = proposal
  const amount = monthly && `${Math.abs(monthly.amount).toFixed(2)} ${monthly.currency} a month`
  const money = amount ? ` (${amount})` : ''
  return [
    `${changesText(changes, fleet)} would ${saving >= 0 ? 'save' : 'cost'} ${shareText(Math.abs(saving))} of the server-hours${money}`,
    `${shareText(after.late)} of the requests would wait longer than ${formatDuration(aims.objectiveMs)} in place of ${shareText(before.late)}`,
    `on the worst day ${shareText(after.worstDay)} in place of ${shareText(before.worstDay)}`,
    `better on ${goodDays} of ${days} days that had no say in it`,
  ].join('; ')
}
