import type { Reason } from '../core/scaling.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import type { Stretch } from '../simulator/replay/account.ts'
import type { Result } from '../simulator/replay/replay-fleet.ts'
import { reasonLine } from './explain.ts'
import { momentOf } from './format.ts'

/** Journals do not begin with a minute's change. */
const LATE_MS: Millis = 120_000

/** `2026-11-26 12:03:04, 5m: wanted 4, would want 6`, and why each. */
export function stretchLines({ fromAt, toAt, differs, recorded, now }: Stretch): string[] {
  const when = `${momentOf(fromAt)}, ${formatDuration(toAt - fromAt)}`
  if (!differs) return [`${when}: wants ${now.want} as then`, ...reasons('', now.because, fromAt)]
  return [
    `${when}: wanted ${recorded.want}, would want ${now.want}`,
    ...reasons('then: ', recorded.because, fromAt),
    ...reasons('now: ', now.because, fromAt),
  ]
}

export function summaryLines(result: Result): string[] {
  const { fleet, ticks, differing, fromAt, toAt, serverHoursThen, serverHoursNow } = result
  const share = ((100 * differing) / ticks).toFixed(1)
  return [
    `${fleet}, ${momentOf(fromAt)} to ${momentOf(toAt)}: ${differing} of ${ticks} ticks would differ (${share}%)`,
    `${fleet} wanted ${serverHoursThen.toFixed(2)} server-hours then, and would want ${serverHoursNow.toFixed(2)} now`,
  ]
}

/** What the journal does not tell. */
export function notesOf(
  { fleet, replaced, unforeseen, gaps, partial, ...result }: Result,
  askedAt: Millis,
): string[] {
  return [
    ...(result.fromAt - askedAt > LATE_MS
      ? [`the journal of ${fleet} begins at ${momentOf(result.fromAt)}`]
      : []),
    ...(gaps.count > 0
      ? [
          `times without ticks of ${fleet}, which do not count: ${gaps.count}, the longest ${formatDuration(gaps.longestMs)}`,
        ]
      : []),
    ...replaced.map(({ metric, stepMs }) =>
      stepMs === null
        ? `${metric} was not read then, and the history has nothing of it: policies that go by it have no opinion; \`tidegate history import\` gives it a past`
        : `${metric} was not read by every tick; where it is missing, means of ${formatDuration(stepMs)} from the history stand for it`,
    ),
    ...unforeseen.map(
      ({ policy, metric, ticks }) =>
        `${policy} has no opinion in ${ticks} of ${result.ticks} ticks of ${fleet}: nobody had looked ahead at ${metric} then; \`tidegate simulate --from journal --fleet ${fleet}\` tells what it makes of the load`,
    ),
    ...(partial > 0
      ? [
          `ticks that an earlier version wrote, without orders, failed launches and what could not be seen: ${partial}`,
        ]
      : []),
  ]
}

/** Those that made the number: the first says who asked, the others changed it. */
function reasons(label: string, because: readonly Reason[] | null, at: Millis): string[] {
  if (because === null) return [`  ${label}the reasons are no longer kept`]
  return because
    .filter(({ from, to }, index) => index === 0 || from !== to)
    .map((reason) => `  ${label}${reasonLine(reason, at)}`)
}
