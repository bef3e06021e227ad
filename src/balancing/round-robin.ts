import type { Rng } from '../core/time.ts'
import { eligible, type Field, type Picker } from './field.ts'

/** Most picks skipped at the start. */
const OFFSET = 64

/**
 * Smooth weighted round robin (nginx, ngx_http_upstream_round_robin.c): every member's credit grows by its weight, the
 * richest is picked and pays the total. Over a total's worth of picks each member is picked exactly weight times.
 *
 * Workers start at random places of the cycle, or the first member would get the first request of all of them. When
 * weights change, credits are scaled to the new total: credit from larger weights would be a burst of picks.
 *
 * While all weigh the same, that is taking turns, and a pick looks at no more members than it passes over.
 */
export function roundRobin(rng: Rng): Picker {
  return new RoundRobin(rng)
}

class RoundRobin implements Picker {
  readonly #rng: Rng
  #credit: Float64Array = new Float64Array(0)
  #total = 0
  /** What every member weighs that weighs anything; 0 = they differ, or nobody has looked. */
  #common = 0
  /** While they weigh the same: whose turn it is. */
  #turn = 0

  constructor(rng: Rng) {
    this.#rng = rng
  }

  pick(field: Field, tried: ReadonlySet<number> | null): number {
    const areEqual = this.#common > 0 && this.#credit.length === field.size
    const taken = areEqual ? this.#byTurn(field, tried) : -1
    if (taken >= 0) return taken
    if (this.#common > 0) this.#settle(field)
    this.#adapt(field)
    const picked = this.#total === 0 ? -1 : this.#next(field, tried)
    this.#common = commonWeight(field)
    this.#turn = (picked + 1) % field.size
    return picked
  }

  /** -1 = somebody weighs something else by now, or nobody is there. */
  #byTurn(field: Field, tried: ReadonlySet<number> | null): number {
    for (let step = 0; step < field.size; step++) {
      const i = (this.#turn + step) % field.size
      const weight = field.weight(i)
      if (weight === 0 || tried?.has(i)) continue
      if (weight !== this.#common) return -1
      this.#turn = (i + 1) % field.size
      return i
    }
    return -1
  }

  /** The credits that as many picks would have left. */
  #settle(field: Field): void {
    const turn = this.#turn
    for (let i = 0; i < this.#credit.length && i < field.size; i++) {
      this.#credit[i] = turn * this.#common - (i < turn ? this.#total : 0)
    }
    this.#common = 0
  }

  #adapt(field: Field): void {
    const sum = totalWeight(field)
    if (this.#credit.length === field.size && sum === this.#total) return
    const fresh = this.#total === 0
    this.#credit = carried(this.#credit, field, fresh ? 0 : sum / this.#total)
    this.#total = sum
    if (!fresh) return
    const skipped = Math.floor(this.#rng() * Math.min(field.size, OFFSET))
    for (let left = skipped; left > 0; left--) this.#next(field, null)
  }

  #next(field: Field, tried: ReadonlySet<number> | null): number {
    const credit = this.#credit
    let best = -1
    for (let i = 0; i < field.size; i++) {
      if (!eligible(field, tried, i)) continue
      if (best < 0 || credit[i]! + field.weight(i) > credit[best]! + field.weight(best)) best = i
    }
    if (best < 0) return -1
    for (let i = 0; i < field.size; i++) credit[i]! += field.weight(i)
    credit[best]! -= this.#total
    return best
  }
}

function commonWeight(field: Field): number {
  let common = 0
  for (let i = 0; i < field.size; i++) {
    const weight = field.weight(i)
    if (weight === 0) continue
    if (common !== 0 && weight !== common) return 0
    common = weight
  }
  return common
}

function totalWeight(field: Field): number {
  let sum = 0
  for (let i = 0; i < field.size; i++) sum += field.weight(i)
  return sum
}

/** Credits for a changed field: scaled, and shifted so that they sum to 0 again, or new members would wait for the old ones' rest. */
function carried(credit: Float64Array, field: Field, scale: number): Float64Array {
  const kept = new Float64Array(field.size)
  let rest = 0
  for (let i = 0; i < Math.min(kept.length, credit.length); i++) {
    kept[i] = field.weight(i) === 0 ? 0 : credit[i]! * scale
    rest += kept[i]!
  }
  const total = totalWeight(field)
  if (total > 0) for (let i = 0; i < kept.length; i++) kept[i]! -= (rest * field.weight(i)) / total
  return kept
}
