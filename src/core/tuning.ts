import { carriedUnit } from './carried.ts'
import type { CustomMetrics, Sample, Unit } from './metrics.ts'
import type { FleetSpec, PolicySpec } from './policy.ts'
import type { Millis } from './time.ts'
import type { Tuned, TuningAims, TuningSpec } from './tuning-spec.ts'
import { formatDuration, formatValue } from './units.ts'

/** A setting of a fleet, by its place in the file: `policies.NAME.value`, `guards.patience.in`, `guards.cooldown.in`, `min`. */
export type TunedKey = string

/** One setting, from what it is to what it might be: a policy's value in the unit of its metric, times in ms, `min` in servers. */
export interface SettingChange {
  readonly key: TunedKey
  readonly from: number
  readonly to: number
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
  /** Requests a second of one server that shares are of where the file has no capacity; null = not known. */
  readonly surelyRps: number | null
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

/** What operators may order. `apply`: the first step of what is proposed; `revert`: the file's settings again; `hold`: nothing is applied
 *  by itself; `resume`: it is, and what was taken back may be tried again. */
export const TUNING_ACTIONS = ['apply', 'revert', 'hold', 'resume'] as const
export type TuningAction = (typeof TUNING_ACTIONS)[number]

/** A step that was applied and is yet to be judged. */
export interface Probation {
  readonly sinceAt: Millis
  readonly untilAt: Millis
  readonly changes: readonly SettingChange[]
  /** What was tuned before: it is again when this turns out worse. */
  readonly before: readonly Tuned[]
  readonly kind: TuningProposal['kind']
  /** As predicted: share of the server-hours. */
  readonly saving: number
  /** Since when what was tuned before had been as it was; left out = as long as anybody knows. */
  readonly steadySinceAt?: Millis
  /** It is longer than it was to be, since another load at first told nothing. */
  readonly prolonged?: true
}

/** Nothing that changes a setting in this direction is applied by itself until then. */
export interface Refusal {
  /** `policies.busy.value up`. */
  readonly direction: string
  readonly untilAt: Millis
  /** How often. */
  readonly times: number
}

/** How far the settings of a fleet are tuned. Bounded. */
export interface TuningState {
  readonly tuned: readonly Tuned[]
  /** Since when; left out = nothing ever was tuned. */
  readonly tunedAt?: Millis
  readonly held: boolean
  /** The last study; null = there was none. */
  readonly studied: {
    readonly at: Millis
    readonly says: string
    /** null = nothing is proposed, or its first step has been applied. */
    readonly proposal: TuningProposal | null
    /** The first step of what it proposed was. */
    readonly isApplied?: true
  } | null
  readonly probation: Probation | null
  readonly refused: readonly Refusal[]
}

/** The same, as people are told. */
export interface TuningStatus extends TuningState {
  readonly apply: TuningSpec['apply']
  /** What is tuned: a sentence each. */
  readonly says: readonly string[]
  /** When the next study begins; null = never. */
  readonly nextAt: Millis | null
  /** Why the last study came to nothing, or the last step could not be judged: it is tried again; null = there is nothing to try. */
  readonly trouble: string | null
}

/** What a fleet measured over a time. Shares are of its requests; null = not known. */
export interface MeasuredPeriod {
  /** So much of the time is known, from 0 to 1. */
  readonly known: number
  readonly requests: number
  readonly serverHours: number
  /** Mean over its requests. */
  readonly p95Ms: number | null
  readonly errors: number | null
  /** Those that came while servers had more than they carry before their latency knees. */
  readonly crowded: number | null
}

/** The time since a step was applied, and the same hours of a like day before it. */
export interface TuningMeasured {
  readonly before: MeasuredPeriod
  readonly after: MeasuredPeriod
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
  const unit = unitIn(key, { policies, metrics })
  return unit === null ? String(value) : formatValue(value, unit)
}

/** The unit of a policy's value; null = the key is of no policy that the fleet has. */
export function unitIn(
  key: TunedKey,
  { policies, metrics }: Pick<FleetSpec, 'policies' | 'metrics'>,
): Unit | null {
  return policies.map((policy) => unitOf(policy, key, metrics)).find((unit) => unit !== null) ?? null
}

/** The key of a policy's value; null = it has none. */
export function valueKey(policy: PolicySpec): TunedKey | null {
  return 'value' in policy ? `policies.${policy.name}.value` : null
}

function unitOf(policy: PolicySpec, key: TunedKey, metrics: CustomMetrics): Unit | null {
  return 'value' in policy && valueKey(policy) === key ? carriedUnit(policy, metrics) : null
}

/** `4.1 %`. */
export function shareText(share: number): string {
  const percent = 100 * share
  return `${Number(percent.toFixed(Math.abs(percent) < 1 ? 3 : 2))} %`
}
