import type {
  TuningFigures,
  TuningProposal,
  TuningQuestion,
  TuningStudy,
  TuningTrial,
} from '../../core/tuning.ts'
import { changesText, shareText } from '../../core/tuning.ts'
import { formatDuration } from '../../core/units.ts'
import { type Neighbour, neighboursOf } from '../../scaling/tuning/neighbours.ts'
import { fileOf } from '../../scaling/tuning/overlay.ts'
import { type Day, figuresOf, lateOf } from './days.ts'
import { replayedOf } from './replayed.ts'

/** Less is not worth a change. */
const LEAST_SAVING = 0.02
/** Fewer late requests are worth it when so many of them are gone, and it costs no more than this. */
const LEAST_RELIEF = 0.25
const DEAREST_RELIEF = 0.1
/** The worst day may be so many times as bad as all days together may be. */
const WORST_DAY = 2
/** All are tried with the first seed; those that came furthest, with all of them. */
const FIRST_SEED = 1
const OTHER_SEEDS = [2, 3] as const
const FINALISTS = 4
/** A replay that comes to another number of servers than there were does not know the fleet. */
const WIDEST_MISFIT = 1.4
const MONTH_DAYS = 30
const AS_THEY_ARE: Neighbour = { changes: [], next: [] }

/** Settings and what came of them; the first day chooses, the second confirms, and so on. */
interface Tried extends Neighbour {
  readonly seeds: readonly (readonly Day[])[]
  readonly chosen: TuningFigures
  readonly confirmed: TuningFigures
}

/** Replays the last days of a fleet with the settings around its own, and proposes those that are better on the days that choose when they
 *  are better on the other days too. Pure; takes seconds to minutes. */
export function study(question: TuningQuestion): TuningStudy {
  const replayed = replayedOf(question)
  if (typeof replayed === 'string') return nothing(replayed)
  const { fleet, aims } = question
  const run = ({ changes }: Neighbour) => replayed.run(changes, FIRST_SEED)
  const more = (one: Tried) =>
    tried(one, [...one.seeds, ...OTHER_SEEDS.map((seed) => replayed.run(one.changes, seed))])
  const now = more(tried(AS_THEY_ARE, [run(AS_THEY_ARE)]))
  const misfit = misfitOf(question, now)
  const about = { days: replayed.days, warmDays: replayed.warmDays, now: halves(now) }
  if (misfit !== null) return { ...nothing(misfit), ...about }
  const neighbours = neighboursOf(fleet, fileOf(fleet), aims)
  const judge = new Judge(question, now)
  const first = judge.ranked(neighbours.map((one) => tried(one, [run(one)])))
  const finalists = first.slice(0, FINALISTS).map(more)
  const ranked = [...judge.ranked(finalists), ...first.slice(FINALISTS)]
  const trials = ranked.map((one) => trialOf(one, now))
  const [best] = ranked
  const kind = best === undefined ? null : judge.kindOf(best.chosen, 'chosen')
  if (best === undefined || kind === null)
    return { ...about, trials, proposal: null, says: judge.noneBetter() }
  if (judge.kindOf(best.confirmed, 'confirmed') !== kind) {
    const says = `${changesText(best.changes, fleet)} was better on the days that chose it, and not on the others: that may be chance`
    return { ...about, trials, proposal: null, says }
  }
  const step = ranked.find(({ changes }) => JSON.stringify(changes) === JSON.stringify(best.next)) ?? best
  const proposal = proposalOf(question, { kind, best, step, now })
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

/** What is better. */
class Judge {
  readonly #aims: TuningQuestion['aims']
  readonly #now: Tried

  constructor({ aims }: TuningQuestion, now: Tried) {
    this.#aims = aims
    this.#now = now
  }

  /** null = they are no better. */
  kindOf(tried: TuningFigures, half: 'chosen' | 'confirmed'): TuningProposal['kind'] | null {
    const now = this.#now[half]
    const saving = 1 - tried.serverHours / now.serverHours
    const { late } = this.#aims
    // Whether there are too many is asked of all days alike, or the kind would depend on the half.
    if (this.#tooMany) {
      const isRelief = tried.late <= (1 - LEAST_RELIEF) * now.late && saving >= -DEAREST_RELIEF
      if (isRelief) return 'relief'
    }
    const allowed = Math.max(late, now.late)
    const worst = Math.max(WORST_DAY * late, now.worstDay)
    const isNoWorse = tried.spread[1] <= Math.max(allowed, now.spread[1]) && tried.worstDay <= worst
    return saving >= LEAST_SAVING && isNoWorse ? 'saving' : null
  }

  /** Relief comes first, that which leaves fewest late; then what saves most; then those that are no better. */
  ranked(all: readonly Tried[]): readonly Tried[] {
    const classOf = (one: Tried) => ['relief', 'saving', null].indexOf(this.kindOf(one.chosen, 'chosen'))
    return all.toSorted((a, b) => {
      const [first, second] = [classOf(a), classOf(b)]
      if (first !== second) return first - second
      return first === 0 ? a.chosen.late - b.chosen.late : a.chosen.serverHours - b.chosen.serverHours
    })
  }

  noneBetter(): string {
    return this.#tooMany
      ? `no neighbour has clearly fewer late requests at an acceptable cost: ${shareText(this.#late)} are late, and ${shareText(this.#aims.late)} may be`
      : 'no neighbour saves at least 2 % without more late requests than may be'
  }

  get #late(): number {
    return lateOf(this.#now.seeds.flat())
  }

  get #tooMany(): boolean {
    return this.#late > this.#aims.late
  }
}

function savingOf(tried: TuningFigures, now: TuningFigures): number {
  return 1 - tried.serverHours / now.serverHours
}

function trialOf(one: Tried, now: Tried): TuningTrial {
  const { changes, chosen, confirmed, seeds } = one
  return { changes, seeds: seeds.length, chosen, confirmed, saving: savingOf(confirmed, now.confirmed) }
}

interface Best {
  readonly kind: TuningProposal['kind']
  readonly best: Tried
  /** The first step towards it. */
  readonly step: Tried
  readonly now: Tried
}

function proposalOf({ price }: TuningQuestion, { kind, best, step, now }: Best): TuningProposal {
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
