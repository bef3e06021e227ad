import { median } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'
import type { WeightSpec } from '../core/weights.ts'

/** What a member has done since the last look. */
export interface Reading {
  /** Answers, bad ones too, and how long they took together. */
  readonly answers: number
  readonly sumMs: Millis
  /** Answers of 5xx and requests broken off. */
  readonly bad: number
  readonly inFlight: number
}

/** What is known of a member. */
export interface Bias {
  /** How its answers fare, decayed by time: ms for `rtt` and `linear`, good answers a second for each in flight for `capacity`;
   *  null = too few answers so far. */
  readonly value: number | null
  /** Answers seen, up to what makes a value. */
  readonly seen: number
  /** What its weight is multiplied by. */
  readonly factor: number
}

export const NEW_BIAS: Bias = { value: null, seen: 0, factor: 1 }
export const LEAST_FACTOR = 0.5
export const MOST_FACTOR = 1.2

const TAU_MS = 10_000
const MIN_ANSWERS = 20
/** Differences from the pool's median count by their square root. */
const GAIN = 0.5
const DOWN_A_SECOND = 0.05
const UP_A_SECOND = 0.03
const DEAD_BAND = 0.04
/** `linear`, 1000 - 10 * rtt, is nothing at this. */
const LINEAR_MAX_MS = 100
const LEARNED_MAX = 4
/** A limit that the pool's median comes near would give every member nothing. */
const LEAST_MAX = 2

/**
 * The factors after `elapsed` ms more. The formulas (base * (1 - rtt / rttMax), 1000 - 10 * rtt, goodput over utilisation as gRPC's
 * weighted round robin has it) only say how a member compares with the pool's median; the way there is slow and bounded. Taken as
 * shares they send all to one of ten equal servers at 92 % load: response time rises without bound near saturation, and
 * who was relieved looks best next time (test/scenarios/spreading.test.ts). With `frozen` values are learned and factors stay.
 */
export function nextBiases(
  before: readonly Bias[],
  readings: readonly Reading[],
  spec: WeightSpec,
  { elapsed, frozen }: { readonly elapsed: Millis; readonly frozen: boolean },
): readonly Bias[] {
  const learned = before.map((bias, i) => learn(bias, readings[i]!, spec, elapsed))
  const median = medianOf(learned.flatMap(({ value }) => value ?? []))
  if (frozen || median === null) return learned
  return learned.map((bias) =>
    bias.value === null
      ? bias
      : { ...bias, factor: step(bias.factor, target(bias.value, median, spec), elapsed) },
  )
}

/** The response time at which the formula gives nothing; null = the policy has none. */
export function rttMax(spec: WeightSpec, medianMs: Millis): Millis | null {
  if (spec.policy === 'capacity') return null
  const wanted = spec.policy === 'linear' ? LINEAR_MAX_MS : (spec.rttMaxMs ?? LEARNED_MAX * medianMs)
  return Math.max(wanted, LEAST_MAX * medianMs)
}

function learn(bias: Bias, reading: Reading, spec: WeightSpec, elapsed: Millis): Bias {
  if (reading.answers === 0) return bias
  const seen = Math.min(MIN_ANSWERS, bias.seen + reading.answers)
  const now = worth(reading, spec, elapsed)
  // Errors are not fast answers.
  const isFlattering = spec.policy !== 'capacity' && reading.bad > 0 && now <= (bias.value ?? now)
  if (isFlattering) return bias
  if (bias.value === null) return { ...bias, seen, value: seen < MIN_ANSWERS ? null : now }
  return { ...bias, seen, value: now + (bias.value - now) * Math.exp(-elapsed / TAU_MS) }
}

function worth({ answers, sumMs, bad, inFlight }: Reading, spec: WeightSpec, elapsed: Millis): number {
  if (spec.policy !== 'capacity') return sumMs / answers
  // Little's law gives what was in flight on average; what is now may be more.
  const busy = Math.max(sumMs / elapsed, inFlight, 0.1)
  return (Math.max(0, answers - bad) * 1000) / elapsed / busy
}

function target(value: number, median: number, spec: WeightSpec): number {
  const max = rttMax(spec, median)
  const ratio = max === null ? value / median : Math.max(0, 1 - value / max) / (1 - median / max)
  return Math.min(MOST_FACTOR, Math.max(LEAST_FACTOR, ratio ** GAIN))
}

function step(factor: number, wanted: number, elapsed: Millis): number {
  if (Math.abs(wanted - factor) < DEAD_BAND) return factor
  const seconds = elapsed / 1000
  return Math.min(factor + UP_A_SECOND * seconds, Math.max(factor - DOWN_A_SECOND * seconds, wanted))
}

function medianOf(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const middle = median(values)
  return middle > 0 ? middle : null
}
