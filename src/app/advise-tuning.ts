import { readCapacity } from '../controller/learner.ts'
import { tuningQuestion } from '../controller/tuning-question.ts'
import type { FleetStatus } from '../core/admin.ts'
import type { HistoryDesk } from '../core/history.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Millis } from '../core/time.ts'
import type { TuningQuestion, TuningStudy } from '../core/tuning.ts'
import type { TuningAims } from '../core/tuning-spec.ts'
import { withTuned } from '../scaling/tuning/overlay.ts'
import { type Progress, study } from '../simulator/tuning/study.ts'

export interface TuningAsk {
  readonly aims: TuningAims
  /** null = nothing runs. */
  readonly running: FleetStatus | null
  readonly now: Millis
  readonly told: Progress
}

/** What was asked, and what came of it. */
export interface TuningAnswer {
  readonly question: TuningQuestion
  readonly study: TuningStudy
  /** Was it known by what its servers have done? */
  readonly learned: { readonly capacity: boolean; readonly startup: boolean }
}

/** What other settings would have made of the fleet's last days. Takes seconds to minutes, in line. Throws Fault as `HistoryDesk.read` does. */
export async function adviseTuning(
  fleet: FleetSpec,
  { aims, running, now, told }: TuningAsk,
  desk: Pick<HistoryDesk, 'read'>,
): Promise<TuningAnswer> {
  const capacity = running?.learned.capacity ?? (await readCapacity(fleet.name, desk, now))
  const startup = running?.learned.startup ?? null
  const tuned = withTuned(fleet, running?.tuning?.tuned ?? [])
  const question = await tuningQuestion(tuned, { aims, capacity, startup }, desk, now)
  const learned = { capacity: capacity?.confident ?? false, startup: startup !== null }
  return { question, learned, study: study(question, told) }
}
