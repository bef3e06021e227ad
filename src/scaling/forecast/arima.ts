import type { Model } from './model.ts'
import { Ridge } from './solve.ts'

/** Orders that are tried; the one of the lowest AICc is taken. */
const ORDERS = [
  [1, 0],
  [2, 0],
  [3, 0],
  [1, 1],
  [2, 1],
  [1, 2],
] as const
const STEPS = 6
/** The order of the long autoregression that stands in for errors nobody has yet. */
const LONG = 12
const NUDGE = 1e-4

interface Arma {
  readonly ar: readonly number[]
  readonly ma: readonly number[]
}

/** ARIMA on what differs from a period ago, on the logarithm: autoregression and moving average, by conditional least squares. */
export const arima: Model = {
  name: 'arima',
  fit({ values, logs, season }) {
    if (values.length < 3 * season) return null
    const { ar, ma } = fitArma(differences(logs, season))
    return Float64Array.of(ar.length, ...ar, ...ma)
  },
  forecast([count, ...numbers], { logs, season, back }, ahead) {
    const arma = { ar: numbers.slice(0, count), ma: numbers.slice(count) }
    const next = predict(arma, differences(logs, season), ahead)
    const all = new Float64Array(logs.length + ahead)
    all.set(logs)
    for (let step = 0; step < ahead; step++)
      all[logs.length + step] = all[logs.length + step - season]! + next[step]!
    return all.subarray(logs.length).map(back)
  },
}

function differences(logs: Float64Array, season: number): Float64Array {
  return logs.subarray(season).map((value, index) => value - logs[index]!)
}

/** The order with the lowest AICc of those that can be trusted. */
export function fitArma(series: Float64Array): Arma {
  const start = residuals(longRegression(series), series)
  const candidates = ORDERS.map(([p, q]) => {
    const arma = refine(firstGuess(series, start, p, q), series)
    return { arma, score: aicc(series, arma) }
  })
  const best = candidates.reduce((a, b) => (b.score < a.score ? b : a))
  return Number.isFinite(best.score) ? best.arma : { ar: [], ma: [] }
}

function longRegression(series: Float64Array): Arma {
  return { ar: regression(series, series, LONG, 0), ma: [] }
}

/** Hannan and Rissanen: the errors of the long autoregression in place of those of the model. */
function firstGuess(series: Float64Array, errors: Float64Array, p: number, q: number): Arma {
  const found = regression(series, errors, p, q)
  return { ar: found.slice(0, p), ma: found.slice(p) }
}

function regression(series: Float64Array, errors: Float64Array, p: number, q: number): number[] {
  const ridge = new Ridge(p + q, 1e-6)
  const row = new Float64Array(p + q)
  for (let index = LONG + q; index < series.length; index++) {
    for (let lag = 0; lag < p; lag++) row[lag] = series[index - 1 - lag]!
    for (let lag = 0; lag < q; lag++) row[p + lag] = errors[index - 1 - lag]!
    ridge.add(row, series[index]!)
  }
  return [...ridge.solve()]
}

/** The errors of one step, those before the beginning taken as 0. */
function residuals({ ar, ma }: Arma, series: Float64Array): Float64Array {
  const errors = new Float64Array(series.length)
  for (let index = ar.length; index < series.length; index++) {
    let error = series[index]!
    for (let lag = 0; lag < ar.length; lag++) error -= ar[lag]! * series[index - 1 - lag]!
    for (let lag = 0; lag < ma.length && lag < index; lag++) error -= ma[lag]! * errors[index - 1 - lag]!
    errors[index] = error
  }
  return errors
}

function squares(errors: Float64Array): number {
  return errors.reduce((sum, error) => sum + error * error, 0)
}

/** Gauss and Newton, with derivatives by a nudge; a step that makes it worse ends it. */
function refine(first: Arma, series: Float64Array): Arma {
  let arma = first
  let errors = residuals(arma, series)
  let sum = squares(errors)
  for (let step = 0; step < STEPS; step++) {
    const size = arma.ar.length + arma.ma.length
    const slopes = Array.from({ length: size }, (_, index) => residuals(nudged(arma, index, NUDGE), series))
    const ridge = new Ridge(size, 1e-6)
    const row = new Float64Array(size)
    for (let at = 0; at < errors.length; at++) {
      for (let index = 0; index < size; index++) row[index] = (errors[at]! - slopes[index]![at]!) / NUDGE
      ridge.add(row, errors[at]!)
    }
    const moved = ridge.solve().reduce((next, by, index) => nudged(next, index, by), arma)
    const after = residuals(moved, series)
    const better = squares(after)
    if (!(better < sum)) break
    arma = moved
    errors = after
    sum = better
  }
  return arma
}

function nudged({ ar, ma }: Arma, index: number, by: number): Arma {
  const add = (values: readonly number[], at: number) =>
    values.map((value, nth) => (nth === at ? value + by : value))
  return { ar: add(ar, index), ma: add(ma, index - ar.length) }
}

/** Akaike's criterion for few samples; infinite where the model explodes. */
function aicc(series: Float64Array, arma: Arma): number {
  const count = series.length
  const parameters = arma.ar.length + arma.ma.length + 1
  const variance = squares(residuals(arma, series)) / count
  const far = predict(arma, series, 4 * LONG).map(Math.abs)
  const most = series.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  if (!(variance >= 0) || far.some((value) => !(value <= most + 1e-9))) return Number.POSITIVE_INFINITY
  return count * Math.log(variance + 1e-300) + (2 * parameters * count) / Math.max(1, count - parameters - 1)
}

/** What is expected next: errors to come are 0. */
function predict({ ar, ma }: Arma, series: Float64Array, ahead: number): Float64Array {
  const errors = residuals({ ar, ma }, series)
  const all = new Float64Array(series.length + ahead)
  all.set(series)
  for (let index = series.length; index < all.length; index++) {
    let value = 0
    for (let lag = 0; lag < ar.length; lag++) value += ar[lag]! * (all[index - 1 - lag] ?? 0)
    for (let lag = 0; lag < ma.length; lag++) value += ma[lag]! * (errors[index - 1 - lag] ?? 0)
    all[index] = value
  }
  return all.slice(series.length)
}
