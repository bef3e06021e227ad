import { type CustomMetrics, metricInfo, type Sample, type Unit } from './metrics.ts'
import type { FleetSpec, PolicySpec } from './policy.ts'
import type { Millis } from './time.ts'
import { formatDuration, formatValue } from './units.ts'

/** A setting of a fleet, by its place in the file: `policies.NAME.value`, `guards.patience.in`, `guards.cooldown.in`, `min`. */
export type TunedKey = string

/** One setting, from what it is to what it might be: a policy's value in the unit of its metric, times in ms, `min` in servers. */
export interface SettingChange {
  readonly key: TunedKey
  readonly from: number
  readonly to: number
}

/** How far settings may go, and by what they are judged. Shares are from 0 to 1. */
export interface TuningAims {
  /** So many days are replayed. */
  readonly days: number
  /** By which share of itself a value moves at once. */
  readonly step: number
  /** A setting stays between these shares of what the file says. */
  readonly bounds: { readonly least: number; readonly most: number }
  /** A request that waits longer than this before a server begins with it is late. */
  readonly objectiveMs: Millis
  /** Such a share of the requests may be late. */
  readonly late: number
}

/** As they are where the file says nothing; `src/config/tuning-schema.ts` has the same. */
export const TUNING_AIMS: TuningAims = {
  days: 7,
  step: 0.05,
  bounds: { least: 0.7, most: 1.3 },
  objectiveMs: 250,
  late: 0.001,
}

/** All that a study knows. It can be sent to another thread. */
export interface TuningQuestion {
  /** With the settings that it has now. */
  readonly fleet: FleetSpec
  readonly aims: TuningAims
  /** Its whole load in requests a second, oldest first, and the time between two samples. */
  readonly load: readonly Sample[]
  readonly stepMs: Millis
  /** What one server carries; null = not known. */
  readonly server: { readonly capacity: number; readonly slots: number } | null
  /** What a launch takes until it serves, lognormal. */
  readonly startup: { readonly medianMs: Millis; readonly sigma: number }
  /** Of a server for an hour; null = not known. */
  readonly price: { readonly each: number; readonly currency: string } | null
  /** How many servers there were in the mean of that time; null = not known. */
  readonly servers: number | null
}

/** What came of some days with some settings. */
export interface TuningFigures {
  /** Share of the requests that were late or turned away: of all, and of the worst day. */
  readonly late: number
  readonly worstDay: number
  /** Of the seed that had the fewest, and of that with most. */
  readonly spread: readonly [number, number]
  /** Each a day. */
  readonly serverHours: number
  readonly changes: number
}

/** One neighbour of the settings. */
export interface TuningTrial {
  readonly changes: readonly SettingChange[]
  readonly seeds: number
  /** On the days that choose, and on those that only confirm. */
  readonly chosen: TuningFigures
  readonly confirmed: TuningFigures
  /** Share of the server-hours that it saves on the days that confirm; negative = it costs more. */
  readonly saving: number
}

export interface TuningProposal {
  /** `saving`: fewer servers, and no more late requests than may be. `relief`: fewer late requests, where there are too many. */
  readonly kind: 'saving' | 'relief'
  readonly changes: readonly SettingChange[]
  /** The first step on the way there. */
  readonly next: readonly SettingChange[]
  /** As in TuningTrial, of the whole way and of the first step; and of the seed that saved least, and most. */
  readonly saving: number
  readonly nextSaving: number
  readonly spread: readonly [number, number]
  /** Money in a month of 30 days; null = no price is known. */
  readonly monthly: { readonly amount: number; readonly currency: string } | null
  /** On the days that confirm. */
  readonly before: TuningFigures
  readonly after: TuningFigures
  /** Of so many days that confirm it was better on so many. */
  readonly days: number
  readonly goodDays: number
}

export interface TuningStudy {
  /** So many were replayed, after so many that only were history. */
  readonly days: number
  readonly warmDays: number
  /** The settings as they are, on the days that choose and on those that confirm; null = nothing was replayed. */
  readonly now: { readonly chosen: TuningFigures; readonly confirmed: TuningFigures } | null
  /** Those that came furthest on the days that choose first. */
  readonly trials: readonly TuningTrial[]
  readonly proposal: TuningProposal | null
  /** One sentence: what is proposed, or why nothing is. */
  readonly says: string
}

/** Who replays days. Throws Fault. */
export interface Tuner {
  study(question: TuningQuestion, signal: AbortSignal): Promise<TuningStudy>
}

/** `target-rps-per-server 48/s -> 50.4/s, min 10 -> 9`. */
export function changesText(
  changes: readonly SettingChange[],
  fleet: Pick<FleetSpec, 'policies' | 'metrics'>,
): string {
  return changes
    .map(({ key, from, to }) => {
      const name = /^policies\.(.*)\.value$/.exec(key)?.[1] ?? key
      return `${name} ${settingText(key, from, fleet)} -> ${settingText(key, to, fleet)}`
    })
    .join(', ')
}

/** `48/s`, `5m`, `10`. */
export function settingText(
  key: TunedKey,
  value: number,
  { policies, metrics }: Pick<FleetSpec, 'policies' | 'metrics'>,
): string {
  if (key === 'min') return String(value)
  if (key.startsWith('guards.')) return formatDuration(value)
  const unit = policies.map((policy) => unitOf(policy, key, metrics)).find((one) => one !== null)
  return unit ? formatValue(value, unit) : String(value)
}

/** The key of a policy's value; null = it has none. */
export function valueKey(policy: PolicySpec): TunedKey | null {
  return 'value' in policy ? `policies.${policy.name}.value` : null
}

function unitOf(policy: PolicySpec, key: TunedKey, metrics: CustomMetrics): Unit | null {
  return 'value' in policy && valueKey(policy) === key ? metricInfo(policy.metric, metrics).unit : null
}

/** `4.1 %`. */
export function shareText(share: number): string {
  const percent = 100 * share
  return `${Number(percent.toFixed(Math.abs(percent) < 1 ? 3 : 2))} %`
}
