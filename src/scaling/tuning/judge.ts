import { type MeasuredPeriod, type Probation, shareText, type TuningMeasured } from '../../core/tuning.ts'
import { formatDuration } from '../../core/units.ts'

/** Share of a time: with less of it known, nobody can say what a step did. */
export const LEAST_KNOWN = 0.5
/** Loads that differ by more need other numbers of servers for each request: what is saved is not judged by them. */
const LIKE_LOAD = 0.3
/** Server-hours for each request vary as much from day to day. */
const COST_MARGIN = 0.02
const PREDICTED_MARGIN = 0.05
const [P95_RISE, P95_MARGIN_MS] = [1.2, 5]
const [ERRORS_RISE, ERRORS_MARGIN] = [1.2, 0.001]
/** In percentage points, as the margin of errors. */
const CROWDED_MARGIN = 0.02

/** Whether a step stays, and what was measured; `unlike`: of a load that is too much another to tell. */
export interface Judgement {
  readonly verdict: 'stays' | 'goes' | 'unlike'
  readonly says: string
}

/** Judges a step by what was measured since, and in the same hours of a like day before it. It goes when requests are served worse, when it
 *  costs more than it may, and when too little was measured. A load that is another is looked at for longer first; then the step is judged
 *  by how requests are served, and not by its cost. Pure. */
export function judge(probation: Probation, { before, after }: TuningMeasured): Judgement {
  if (Math.min(before.known, after.known) < LEAST_KNOWN)
    return { verdict: 'goes', says: 'too little was measured to tell whether it is better' }
  const saving = isLike(before, after) ? savedOf(before, after) : null
  if (saving === null && !probation.prolonged)
    return { verdict: 'unlike', says: 'the load was another than before' }
  const worse = [...servedWorse(before, after), ...(saving === null ? [] : costWorse(probation, saving))]
  const cost =
    saving === null
      ? 'the load was another, so that its cost cannot be compared'
      : `${shareText(Math.abs(saving))} ${saving >= 0 ? 'fewer' : 'more'} server-hours for each request`
  return worse.length === 0 ? { verdict: 'stays', says: cost } : { verdict: 'goes', says: worse.join('; ') }
}

/** Without servers, requests that were counted got no answer: that is no load to compare with either. */
function isLike(before: MeasuredPeriod, after: MeasuredPeriod): boolean {
  const [was, is] = [before, after].map(({ requests, known }) => requests / known)
  return was! > 0 && before.serverHours > 0 && Math.abs(is! / was! - 1) <= LIKE_LOAD
}

function savedOf(before: MeasuredPeriod, after: MeasuredPeriod): number {
  return 1 - after.serverHours / after.requests / (before.serverHours / before.requests)
}

function servedWorse(before: MeasuredPeriod, after: MeasuredPeriod): readonly string[] {
  const worse: string[] = []
  const [slow, wasSlow] = [after.p95Ms, before.p95Ms]
  if (slow !== null && wasSlow !== null && slow > P95_RISE * wasSlow + P95_MARGIN_MS)
    worse.push(`p95 is ${formatDuration(slow)} in place of ${formatDuration(wasSlow)}`)
  const [errors, wereErrors] = [after.errors, before.errors]
  if (errors !== null && wereErrors !== null && errors > ERRORS_RISE * wereErrors + ERRORS_MARGIN)
    worse.push(`${shareText(errors)} of the requests fail in place of ${shareText(wereErrors)}`)
  const [crowded, wereCrowded] = [after.crowded, before.crowded]
  if (crowded !== null && wereCrowded !== null && crowded > wereCrowded + CROWDED_MARGIN)
    worse.push(
      `${shareText(crowded)} of the requests come to crowded servers in place of ${shareText(wereCrowded)}`,
    )
  return worse
}

/** What should save must not cost more. Relief may cost what was predicted and a little more, and need not save where that was predicted:
 *  it is for the requests. */
function costWorse({ kind, saving: predicted }: Probation, saving: number): readonly string[] {
  const least = kind === 'saving' ? -COST_MARGIN : Math.min(0, predicted) - PREDICTED_MARGIN
  if (saving >= least) return []
  const was = `${shareText(Math.abs(predicted))} ${predicted >= 0 ? 'fewer' : 'more'} were predicted`
  return [`${shareText(-saving)} more server-hours for each request, where ${was}`]
}
