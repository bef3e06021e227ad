import { readTraceFile } from '../src/cli/trace-file.ts'
import type { Experience } from '../src/core/forecast.ts'
import { cleaned } from '../src/scaling/forecast/clean.ts'
import { blockOf, type Expected, ensemble, factorAt } from '../src/scaling/forecast/ensemble.ts'
import { MODELS } from '../src/scaling/forecast/experience.ts'
import { type Known, knownOf } from '../src/scaling/forecast/model.ts'
import { resampled } from '../src/simulator/trace/trace.ts'
import { rounded } from './kit/numbers.ts'

const SERIES = [
  'crane_dsp_input2_60s',
  'crane_dsp_input4_60s',
  'crane_dsp_input8_60s',
  'crane_dsp_input11_60s',
  'crane_dsp_input13_60s',
  'worldcup98_first45d_1min',
  'nasa_http_jul95_1min',
  'nab_cpu_utilization_asg_misconfiguration',
  'nab_elb_request_count_8c0756',
  'nab_rds_cpu_utilization_e47b3b',
  'nab_ec2_cpu_utilization_5f5533',
]
const STEP_MS = 300_000
const [HOUR, DAY] = [12, 288]
const TRAINING = 14 * DAY
const LEAST_TRAINING = 9 * DAY
const ORIGINS = 12
const SHARE = 0.95
/** The ensemble that ours is held against: six cheap models, weighed by 8 trials of an hour, 1 / error^4, of what was measured. */
const REFERENCE = {
  models: ['last', 'yesterday', 'last-week', 'profile', 'holt-winters', 'ridge'],
  trials: 8,
  power: -4,
}

interface Errors {
  readonly hour: number
  readonly day: number
}

/** How far off forecasts of an hour and of a day are: mean absolute errors over those of yesterday's value (MASE), by model; and how often the
 *  load stayed below the bound that it was to stay below with 95 %. */
export async function benchForecast(): Promise<object> {
  const series = SERIES.map((file) => {
    process.stderr.write(`${file}\n`)
    return measured(file)
  })
  const names = [...new Set(series.flatMap(({ models }) => Object.keys(models)))]
  const mase = names.map((name) => {
    const errors = series.flatMap(({ models }) => models[name] ?? [])
    const mean = (key: keyof Errors) => rounded(geometric(errors.map((one) => one[key])), 4)
    return { name, mase1h: mean('hour'), mase1d: mean('day'), series: errors.length }
  })
  const [own, reference] = ['ensemble', 'reference'].map((name) => mase.find((one) => one.name === name)!)
  const coverages = series.map(({ coverage }) => coverage)
  return {
    name: 'forecast',
    models: mase,
    toReference1h: rounded(own!.mase1h / reference!.mase1h, 4),
    toReference1d: rounded(own!.mase1d / reference!.mase1d, 4),
    targetToReference: 0.95,
    coverageP95: rounded(coverages.reduce((sum, one) => sum + one, 0) / coverages.length, 4),
    targetCoverage: [0.93, 0.97],
    series,
  }
}

function measured(file: string) {
  const path = new URL(`traces/${file}.csv.gz`, import.meta.url).pathname
  const { values } = resampled(readTraceFile(path, null).trace, STEP_MS)
  const first = Math.max(LEAST_TRAINING, Math.min(TRAINING, values.length - 4 * DAY))
  const last = values.length - DAY
  const origins = new Set(
    Array.from({ length: ORIGINS }, (_, nth) => Math.floor(first + ((last - first) * (nth + 0.5)) / ORIGINS)),
  )
  const errors: Record<string, Errors[]> = {}
  const bound = { below: 0, all: 0 }
  let experience: Experience | null = null
  // As a controller has it: anew at every step, with what was learned at those before.
  for (let origin = first; origin < last; origin++) {
    const known = values.subarray(Math.max(0, origin - TRAINING), origin)
    const coming = values.subarray(origin, origin + DAY)
    const past = { known: knownBy(cleaned(known, DAY)!), from: origin - known.length }
    const expected: Expected = ensemble(past, DAY, experience)!
    experience = expected.experience
    judge(expected, coming, bound)
    const scale = origins.has(origin) ? seasonalError(known) : 0
    if (!(scale > 0)) continue
    const forecasts = { ensemble: expected.values, reference: reference(known), ...single(past.known) }
    for (const [name, forecast] of Object.entries(forecasts))
      (errors[name] ??= []).push({
        hour: errorOf(forecast, coming, HOUR) / scale,
        day: errorOf(forecast, coming, DAY) / scale,
      })
  }
  const models = Object.entries(errors).map(([name, some]) => [name, meanOf(some)])
  const coverage = rounded(bound.below / bound.all, 4)
  return { series: file, coverage, models: Object.fromEntries(models) as Record<string, Errors> }
}

function judge(
  { values, ratios }: Expected,
  coming: Float64Array,
  bound: { below: number; all: number },
): void {
  for (let step = 0; step < HOUR; step++) {
    bound.all++
    if (coming[step]! <= values[step]! * factorAt(ratios[blockOf(step)]!, SHARE)) bound.below++
  }
}

function knownBy(values: Float64Array): Known {
  return knownOf(values, DAY)
}

/** Each model by itself, that learned until the end. */
function single(known: Known): Record<string, Float64Array> {
  const forecasts = MODELS.flatMap((model): [string, Float64Array][] => {
    const learned = model.fit(known)
    return learned ? [[model.name, model.forecast(learned, known, DAY)]] : []
  })
  return Object.fromEntries(forecasts)
}

function reference(known: Float64Array): Float64Array {
  const { models, trials, power } = REFERENCE
  const first = known.length - trials * HOUR
  const used = MODELS.filter(({ name }) => models.includes(name)).flatMap((model) => {
    const [before, now] = [known.subarray(0, first), known].map(knownBy)
    const [trial, last] = [model.fit(before!), model.fit(now!)]
    if (!trial || !last) return []
    let error = 1e-9
    for (let end = first; end < known.length; end += HOUR) {
      const forecast = model.forecast(trial, knownBy(known.subarray(0, end)), HOUR)
      error += errorOf(forecast, known.subarray(end), HOUR)
    }
    return [{ weight: error ** power, forecast: model.forecast(last, now!, DAY) }]
  })
  const all = used.reduce((sum, { weight }) => sum + weight, 0)
  return Float64Array.from({ length: DAY }, (_, step) =>
    used.reduce((sum, { weight, forecast }) => sum + (weight / all) * forecast[step]!, 0),
  )
}

function errorOf(forecast: Float64Array, coming: Float64Array, steps: number): number {
  let sum = 0
  for (let step = 0; step < steps; step++) sum += Math.abs(forecast[step]! - coming[step]!)
  return sum / steps
}

function seasonalError(known: Float64Array): number {
  return errorOf(known.subarray(0, -DAY), known.subarray(DAY), known.length - DAY)
}

function meanOf(errors: readonly Errors[]): Errors {
  const mean = (key: keyof Errors) => errors.reduce((sum, one) => sum + one[key], 0) / errors.length
  return { hour: rounded(mean('hour'), 4), day: rounded(mean('day'), 4) }
}

function geometric(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
