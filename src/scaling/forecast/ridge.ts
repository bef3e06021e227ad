import type { Known, Model } from './model.ts'
import { dot, Ridge } from './solve.ts'

/** Learned for these many steps ahead; between them what is learned changes little. */
const ANCHORS = [1, 2, 3, 5, 8, 12, 24, 48, 96, 144, 216, 288]
const PENALTY = 3
/** Days of examples, and every how many steps one is taken. */
const DAYS = 10
const EVERY = 3
const FEATURES = 10
/** The oldest of the steps whose mean is a feature. */
const OLDEST = 36

/** Linear regression of what comes on what was, on the logarithm, as how far both are from the same time of the days before. */
export const ridgeOnLags: Model = {
  name: 'ridge',
  fit(known) {
    if (known.values.length < 4 * known.season) return null
    return Float64Array.from(ANCHORS.flatMap((ahead) => [...learn(known, ahead)]))
  },
  forecast(learned, { logs, season, back }, ahead) {
    const origin = logs.length - 1
    const off = ANCHORS.map((anchor, nth) => ({
      ahead: anchor,
      value: dot(features(logs, season, origin, anchor), learned.subarray(nth * FEATURES)),
    }))
    return Float64Array.from({ length: ahead }, (_, step) =>
      back(usual(logs, season, origin, step + 1) + between(off, step + 1)),
    )
  },
}

/** Of examples that end where the values end. */
function learn({ logs, season, day }: Known, ahead: number): Float64Array {
  const ridge = new Ridge(FEATURES, PENALTY)
  const last = logs.length - 1 - ahead
  const first = Math.max(3 * season, season + OLDEST, last - DAYS * day)
  for (let origin = last; origin >= first; origin -= EVERY)
    ridge.add(
      features(logs, season, origin, ahead),
      logs[origin + ahead]! - usual(logs, season, origin, ahead),
    )
  return ridge.solve()
}

/** The same time of the last days that are over at the origin: of two, or with that of a week ago. */
function usual(logs: Float64Array, season: number, origin: number, ahead: number): number {
  const nearest = Math.ceil(ahead / season) * season
  const at = (lag: number) => logs[origin + ahead - lag]
  const [one, two] = [at(nearest)!, at(nearest + season) ?? at(nearest)!]
  const week = at(7 * season)
  return week === undefined ? (one + two) / 2 : (one + two + week) / 3
}

function features(logs: Float64Array, season: number, origin: number, ahead: number): Float64Array {
  const off = (back: number) => logs[origin - back]! - usual(logs, season, origin - back - 1, 1)
  const mean = (from: number, to: number) => {
    let sum = 0
    for (let back = from; back < to; back++) sum += off(back)
    return sum / (to - from)
  }
  const nearest = Math.ceil(ahead / season) * season
  const base = usual(logs, season, origin, ahead)
  const lag = (steps: number) => (logs[origin + ahead - steps] ?? base) - base
  const now = off(0)
  return Float64Array.of(
    1,
    now,
    off(1) - now,
    off(2) - now,
    mean(0, 6),
    mean(0, 12),
    mean(12, OLDEST),
    lag(nearest),
    lag(nearest + season),
    lag(7 * season),
  )
}

function between(points: readonly { readonly ahead: number; readonly value: number }[], at: number): number {
  const next = points.findIndex(({ ahead }) => ahead >= at)
  if (next === 0) return points[0]!.value
  if (next < 0) return points.at(-1)!.value
  const [a, b] = [points[next - 1]!, points[next]!]
  return a.value + ((b.value - a.value) * (at - a.ahead)) / (b.ahead - a.ahead)
}
