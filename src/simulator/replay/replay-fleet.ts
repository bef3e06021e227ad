import type { Calendar } from '../../core/calendar.ts'
import type { HistoryAnswer } from '../../core/history.ts'
import type { MetricName } from '../../core/metrics.ts'
import type { Recording } from '../../core/recording.ts'
import type { Millis } from '../../core/time.ts'
import { lookBackMs, lookedBackOn } from '../../scaling/past.ts'
import type { Deciding } from '../rivals/tidegate.ts'
import { type Account, accountOf } from './account.ts'
import { besidesOf } from './besides.ts'
import { replay } from './replay.ts'

/** A metric that the ticks, or some of them, do not have, and what stands for it: means of so long; null = nothing. */
export interface Replacement {
  readonly metric: MetricName
  readonly stepMs: Millis | null
}

export interface Result extends Account {
  readonly fleet: string
  readonly replaced: readonly Replacement[]
}

export interface ReplayAbout {
  readonly recording: Recording
  readonly calendar: Calendar
  readonly fromAt: Millis
  readonly toAt: Millis
  /** Ticks that are further apart do not follow each other. */
  readonly gapMs: Millis
  /** Of these metrics from then on; those that it does not know are left out. */
  readonly history: (metrics: readonly MetricName[], fromAt: Millis) => Promise<readonly HistoryAnswer[]>
}

/** Null = the journal has no tick of it in this range. */
export async function replayFleet(deciding: Deciding, about: ReplayAbout): Promise<Result | null> {
  const { recording, fromAt, toAt } = about
  const { fleet, policies } = deciding
  const from = recording.checkpoint(fleet.name, fromAt - lookBackMs(policies, fleet.guards))
  if (from === null) return null
  const missing = [...lookedBackOn(policies, fleet.guards)].filter((metric) =>
    recording.lacks(metric, fleet.name, from, toAt),
  )
  // The younger its beginning, the finer it is kept.
  const beginsAt = Math.max(fromAt, from.at)
  const answers = missing.length === 0 ? [] : await about.history(missing, beginsAt)
  const known = answers.filter(({ points }) => points.length > 0)
  const record = { ...about, from, besides: besidesOf(known) }
  const account = accountOf(replay(deciding, record), { ...about, policies })
  const replaced = missing.map((metric) => ({
    metric,
    stepMs: known.find((answer) => answer.metric === metric)?.stepMs ?? null,
  }))
  return account && { fleet: fleet.name, ...account, replaced }
}
