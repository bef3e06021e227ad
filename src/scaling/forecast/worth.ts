import type { LoadSeries, Precedent } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'
import { DAY, highestOf, LATE_MS, meanOf, precedentsOf, RECENT_MS, stepsOf, timesOf } from './precedents.ts'
import { dot, Ridge } from './solve.ts'

const MINUTE: Millis = 60_000
/** Fewer days of lessons teach nothing. */
const LEAST_DAYS = 2
/** A lesson that is so old counts half. */
const HALF_MS: Millis = 14 * DAY
/** So much of the highest load is added to every load before it is compared by its logarithm: what is near to nothing does not matter. */
const FLOOR = 0.02
/** Rushes of other days may come so much earlier or later. */
const SHIFT_MS: Millis = 20 * MINUTE
/** How full servers are that carry their `value`. */
const USED = 0.75

/** What learning weighs against each other. */
export interface Stakes {
  /** One late request costs as much as serving so many. */
  readonly latePrice: number
  /** How much the data must tell against what is thought before, as a share of the whole cost. */
  readonly penalty: number
}

/** Chosen on eight traces; `npm run bench -- leave-one-out` shows what the choice itself is worth. */
export const STAKES: Stakes = { latePrice: 36, penalty: 0.3 }
/** Of 8 slots with 250 ms of patience by Erlang's C formula: the share that is late grows by e for each 1/25 that servers are fuller. From where
 *  it grows by 0.7 times that on, it is a straight line: it cannot grow beyond everybody, and a sum of convex costs has one minimum. */
const [LATE, RATE, STEEPEST] = [0.0084 * Math.exp(-25 * 0.8), 25, 0.7]
const KNEE = Math.log(STEEPEST / (RATE * LATE)) / RATE
/** Before anything is learned, servers are for what is expected, and this much more (a logarithm). */
const PRIOR = Math.log(0.75 / 0.72)
/** A factor that is the same at all times is penalized least. */
const LEVER = 7
/** Nobody is ready for more than this much of what has ever come. */
const MOST = 1.07
/** It comes to rest after ten or so. */
const ROUNDS = 25

/** How what it pays to have servers for follows from what is known before. */
export interface Lesson {
  readonly weights: Float64Array
  /** The highest load of all. */
  readonly highest: number
  readonly days: number
}

interface Span {
  readonly now: Millis
  readonly aheadMs: Millis
}

/** What was known at an instant, and what came. */
interface Example {
  readonly base: number
  readonly signs: Float64Array
  readonly came: number
  readonly weight: number
}

/** How much capacity was the cheapest for what followed, with servers and late requests priced: a newsvendor who has seen signs of the demand
 *  (Ban and Rudin, The Big Data Newsvendor, Operations Research 67, 2019), by Newton's method on a convex cost with a penalty. The
 *  signs are relative to what is expected, so that it is the same for fleets of any size. null = too little is known. */
export function learn(
  load: LoadSeries,
  { now, aheadMs }: Span,
  { latePrice, penalty }: Stakes = STAKES,
): Lesson | null {
  const highest = highestOf(load, load.startAt, now)
  if (highest === null || highest <= 0) return null
  const examples = examplesOf(load, { now, aheadMs }, highest)
  const days = Math.floor((examples.length * load.stepMs) / DAY)
  if (days < LEAST_DAYS) return null
  const usual = examples.reduce((sum, { base, weight }) => sum + weight * Math.exp(base + PRIOR), 0)
  return { weights: cheapest(examples, { penalty: penalty * usual, latePrice }), highest, days }
}

/** null = nothing is known of now or of days before. */
export function worthOf(load: LoadSeries, { now, aheadMs }: Span, lesson: Lesson): number | null {
  const known = signsOf(load, { now, aheadMs }, lesson.highest)
  if (!known) return null
  const worth = Math.exp(known.base + PRIOR + dot(lesson.weights, known.signs))
  return Math.min(worth, MOST * lesson.highest)
}

function examplesOf(load: LoadSeries, { now, aheadMs }: Span, highest: number): Example[] {
  const [, over] = stepsOf(load, load.startAt, now - aheadMs - LATE_MS)
  const examples: Example[] = []
  for (let step = DAY / load.stepMs; step < over; step++) {
    const at = load.startAt + step * load.stepMs
    const toAt = at + aheadMs + LATE_MS
    const known = toAt <= now ? signsOf(load, { now: at, aheadMs }, highest) : null
    const came = highestOf(load, at, toAt)
    if (known && came !== null) examples.push({ ...known, came, weight: 0.5 ** ((now - at) / HALF_MS) })
  }
  return examples
}

function signsOf(
  load: LoadSeries,
  { now, aheadMs }: Span,
  highest: number,
): Pick<Example, 'base' | 'signs'> | null {
  const recent = meanOf(load, now - RECENT_MS, now)
  // The newest step may have no point yet.
  const latest = highestOf(load, now - 1, now) ?? highestOf(load, now - 1 - load.stepMs, now)
  const precedents = precedentsOf(load, now, aheadMs)
  if (recent === null || latest === null || precedents.length === 0) return null
  const expectedOf = (days: readonly Precedent[]) =>
    Math.max(...days.map((one) => one.peak * timesOf(one, recent)), latest)
  const log = (value: number | null) => Math.log((value ?? 0) + FLOOR * highest)
  const base = log(expectedOf(precedents))
  const signs = Float64Array.of(
    LEVER,
    log(highestOf(load, now - 20 * MINUTE, now)) - base,
    log(highestOf(load, now - 60 * MINUTE, now)) - base,
    log(highestOf(load, now - 180 * MINUTE, now)) - base,
    log(expectedOf(precedentsOf(load, now, aheadMs, SHIFT_MS))) - base,
    log(recent) - base,
    base - log(highest),
    roughness(load, now, log),
  )
  return { base, signs }
}

/** The largest change from one step to the next of late. */
function roughness(load: LoadSeries, now: Millis, log: (value: number) => number): number {
  const [from, to] = stepsOf(load, now - RECENT_MS, now)
  let most = 0
  for (let step = from + 1; step < to; step++) {
    const change = Math.abs(log(load.means[step]!) - log(load.means[step - 1]!))
    if (change > most) most = change
  }
  return most
}

function cheapest(examples: readonly Example[], stakes: Stakes): Float64Array {
  let weights = new Float64Array(examples[0]!.signs.length)
  let cost = costOf(examples, weights, stakes)
  for (let round = 0; round < ROUNDS; round++) {
    const better = step(examples, weights, { ...stakes, cost })
    if (!better) break
    ;({ weights, cost } = better)
  }
  return weights
}

/** Newton's step, shortened until it helps; null = none does. */
function step(
  examples: readonly Example[],
  weights: Float64Array,
  { cost, ...stakes }: Stakes & { readonly cost: number },
): { weights: Float64Array<ArrayBuffer>; cost: number } | null {
  const quadratic = new Ridge(weights.length, stakes.penalty)
  for (const { base, signs, came, weight } of examples) {
    const now = dot(weights, signs)
    const { slope, bend } = priced(Math.exp(base + PRIOR + now), came, stakes.latePrice)
    const scale = Math.sqrt(weight * bend)
    quadratic.add(
      signs.map((sign) => sign * scale),
      scale * (now - slope / bend),
    )
  }
  const towards = quadratic.solve()
  for (let share = 1; share > 0.03; share /= 3) {
    const tried = weights.map((weight, index) => weight + share * (towards[index]! - weight))
    const costs = costOf(examples, tried, stakes)
    if (costs < cost * (1 - 1e-7)) return { weights: tried, cost: costs }
  }
  return null
}

function costOf(examples: readonly Example[], weights: Float64Array, { penalty, latePrice }: Stakes): number {
  let sum = (penalty / 2) * dot(weights, weights)
  for (const { base, signs, came, weight } of examples)
    sum += weight * priced(Math.exp(base + PRIOR + dot(weights, signs)), came, latePrice).cost
  return sum
}

/** What it costs to be ready for `capacity` when `came` comes; slope and bend are by the capacity's logarithm. */
function priced(
  capacity: number,
  came: number,
  price: number,
): { cost: number; slope: number; bend: number } {
  const used = (USED * came) / capacity
  const below = LATE * Math.exp(RATE * Math.min(used, KNEE))
  const [late, slope, bend] =
    used < KNEE ? [below, RATE * below, RATE * RATE * below] : [below + STEEPEST * (used - KNEE), STEEPEST, 0]
  return {
    cost: capacity + price * came * late,
    slope: capacity - price * came * slope * used,
    bend: capacity + price * came * (bend * used + slope) * used,
  }
}
