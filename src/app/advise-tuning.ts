import { readCapacity } from '../controller/learner.ts'
import { tuningQuestion } from '../controller/tuning-question.ts'
import type { FleetStatus } from '../core/admin.ts'
import type { HistoryDesk } from '../core/history.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Millis } from '../core/time.ts'
import type { TuningStudy } from '../core/tuning.ts'
import type { TuningAims } from '../core/tuning-spec.ts'
import { withTuned } from '../scaling/tuning/overlay.ts'
import { study } from '../simulator/tuning/study.ts'

export interface TuningAsk {
  readonly aims: TuningAims
  /** null = nothing runs. */
  readonly running: FleetStatus | null
  readonly now: Millis
}

/** What other settings would have made of the fleet's last days. Takes seconds to minutes, in line. Throws Fault as `HistoryDesk.read` does. */
export async function adviseTuning(
  fleet: FleetSpec,
  { aims, running, now }: TuningAsk,
  desk: Pick<HistoryDesk, 'read'>,
): Promise<TuningStudy> {
  const capacity = running?.learned.capacity ?? (await readCapacity(fleet.name, desk, now))
  const startup = running?.learned.startup ?? null
  const tuned = withTuned(fleet, running?.tuning?.tuned ?? [])
  return study(await tuningQuestion(tuned, { aims, capacity, startup }, desk, now))
}
