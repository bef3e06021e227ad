import { Cron } from 'croner'
import { type Calendar, COMING_WINDOWS, type Schedule, type Span } from '../../core/calendar.ts'
import type { Millis } from '../../core/time.ts'

interface Known {
  readonly cron: Cron
  readonly until: Cron | null
  /** The last answer, and the times for which it holds: a loop asks every second, and windows change twice a day. */
  answer: (Span & { readonly windows: readonly Span[] }) | null
}

/** Times by croner, on the time zones of this Node. */
export function cronCalendar(): Calendar {
  const schedules = new WeakMap<Schedule, Known>()
  return {
    windows(schedule, at) {
      const known = schedules.get(schedule) ?? know(schedule)
      schedules.set(schedule, known)
      const { answer } = known
      if (answer !== null && at >= answer.startAt && at < answer.endAt) return answer.windows
      const windows = windowsAt(schedule, known, at)
      known.answer = { startAt: at, endAt: changesAt(known.cron, windows, at), windows }
      return windows
    },
  }
}

function know({ cron, end, timezone }: Schedule): Known {
  const times = (text: string) => new Cron(text, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard' })
  return { cron: times(cron), until: 'until' in end ? times(end.until) : null, answer: null }
}

function windowsAt({ end }: Schedule, { cron, until }: Known, at: Millis): readonly Span[] {
  const windowFrom = (startAt: Millis | null): Span[] => {
    if (startAt === null) return []
    const endAt = 'afterMs' in end ? startAt + end.afterMs : firstFrom(until, startAt + 1)
    return endAt === null ? [] : [{ startAt, endAt }]
  }
  const windows = windowFrom(lastUpTo(cron, at)).filter(({ endAt }) => endAt > at)
  const most = windows.length + COMING_WINDOWS
  while (windows.length < most) {
    const next = windowFrom(firstFrom(cron, windows.at(-1)?.endAt ?? at + 1))
    if (next.length === 0) break
    windows.push(...next)
  }
  return windows
}

/** A run starts a window or starts it anew, an end ends it; nothing else changes what is open and what comes. */
function changesAt(cron: Cron, windows: readonly Span[], at: Millis): Millis {
  const times = [firstFrom(cron, at + 1) ?? Number.POSITIVE_INFINITY, ...windows.map(({ endAt }) => endAt)]
  return Math.min(...times)
}

/** Every time is a whole minute, and croner works on whole seconds: it gives what comes after, or before, the one that it is given. */
function firstFrom(cron: Cron | null, from: Millis): Millis | null {
  return cron?.nextRun(new Date(from - 1))?.getTime() ?? null
}

function lastUpTo(cron: Cron, at: Millis): Millis | null {
  const second = Math.floor(at / 1000) * 1000
  return cron.previousRuns(1, new Date(second + 1000))[0]?.getTime() ?? null
}
