import type { FleetSpec } from '../../core/policy.ts'
import { changesText, shareText, type TuningFigures, type TuningProposal } from '../../core/tuning.ts'
import type { TuningAims } from '../../core/tuning-spec.ts'
import type { Neighbour } from '../../scaling/tuning/neighbours.ts'
import { type Day, lateOf } from './days.ts'

/** Less is not worth a change. */
const LEAST_SAVING = 0.02
/** Fewer late requests are worth it when so many of them are gone, and it costs no more than this. */
const LEAST_RELIEF = 0.25
const DEAREST_RELIEF = 0.1
/** Of what may be late: where less is on the days of a half, they do not tell what has fewer. */
const LEAST_LATE = 0.1
/** The worst day may be so many times as bad as all days together may be. */
const WORST_DAY = 2

type Half = 'chosen' | 'confirmed'

/** Settings and what came of them; the first day chooses, the second confirms, and so on. */
export interface Tried extends Neighbour {
  readonly seeds: readonly (readonly Day[])[]
  readonly chosen: TuningFigures
  readonly confirmed: TuningFigures
}

/** What to propose. */
export interface Best {
  readonly kind: TuningProposal['kind']
  readonly best: Tried
  /** The first step towards it. */
  readonly step: Tried
}

/** The best of those that are better on the days that choose, and whose first step is no worse on them; a text = why it is not proposed. */
export function verdictOf(finalists: readonly Tried[], judge: Judge, fleet: FleetSpec): Best | string {
  const candidates = finalists.flatMap((best): Best[] => {
    const kind = judge.kindOf(best.chosen, 'chosen')
    const step = finalists.find(({ changes }) => changes === best.next)
    const isOpen = kind !== null && step !== undefined && judge.isNoWorse(step.chosen, 'chosen', kind)
    return isOpen ? [{ kind, best, step }] : []
  })
  const [found] = candidates
  if (found === undefined) return judge.noneBetter()
  const { kind, best, step } = found
  const isConfirmed =
    judge.kindOf(best.confirmed, 'confirmed') === kind && judge.isNoWorse(step.confirmed, 'confirmed', kind)
  return isConfirmed
    ? found
    : `${changesText(best.changes, fleet)} was better on the days that chose it, and not on the others: that may be chance`
}

/** What is better. */
export class Judge {
  readonly #aims: Pick<TuningAims, 'late'>
  readonly #now: Tried

  constructor(aims: Pick<TuningAims, 'late'>, now: Tried) {
    this.#aims = aims
    this.#now = now
  }

  /** null = they are no better. */
  kindOf(tried: TuningFigures, half: Half): TuningProposal['kind'] | null {
    const now = this.#now[half]
    const saving = savingOf(tried, now)
    const isRelief = tried.late <= (1 - LEAST_RELIEF) * now.late && saving >= -DEAREST_RELIEF
    if (this.#mayRelieve && isRelief) return 'relief'
    return saving >= LEAST_SAVING && this.#servesAsWell(tried, half) ? 'saving' : null
  }

  /** A step on the way to what is better need not be better itself. */
  isNoWorse(tried: TuningFigures, half: Half, kind: TuningProposal['kind']): boolean {
    const dearest = kind === 'relief' ? -DEAREST_RELIEF : 0
    return savingOf(tried, this.#now[half]) >= dearest && this.#servesAsWell(tried, half)
  }

  #servesAsWell(tried: TuningFigures, half: Half): boolean {
    const now = this.#now[half]
    const { late } = this.#aims
    const most = Math.max(late, now.late, now.spread[1])
    return tried.spread[1] <= most && tried.worstDay <= Math.max(WORST_DAY * late, now.worstDay)
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
    if (this.#tooMany && !this.#mayRelieve)
      return `${shareText(this.#late)} of the requests are late, but hardly any on every other day: what would help cannot be confirmed`
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

  /** Asked of all days alike, or the kind would depend on the half. What hardly any request meets says nothing when fewer meet it. */
  get #mayRelieve(): boolean {
    const { chosen, confirmed } = this.#now
    return this.#tooMany && Math.min(chosen.late, confirmed.late) > this.#aims.late * LEAST_LATE
  }
}

export function savingOf(tried: TuningFigures, now: TuningFigures): number {
  return 1 - tried.serverHours / now.serverHours
}
