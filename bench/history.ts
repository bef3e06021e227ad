import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HistoryAnswer, HistoryQuery } from '../src/core/history.ts'
import type { Clock, Millis } from '../src/core/time.ts'
import { type OpenHistory, openSqliteHistory } from '../src/drivers/sqlite/history/open.ts'
import { median, rounded } from './kit/numbers.ts'

const SERIES = Array.from({ length: 50 }, (_, index) => ({
  fleet: `fleet-${index % 5}`,
  metric: `m-${index}`,
}))
const START = 1_800_000_000_000
const WEEK_S = 7 * 86_400
const BATCH_S = 10
const [HOUR, DAY, WEEK] = [3_600_000, 86_400_000, 604_800_000]
const QUIET = { info: () => {}, warn: console.warn, error: console.error }

/** A week of fifty series, a sample a second each, through the real writer on a clock that is moved on: what lies on disk, what a tick
 *  pays, and how long queries take. */
export async function benchHistory(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'))
  let now = START
  const clock: Clock = { now: () => now, after: () => () => {}, sleep: (_ms, signal) => untilAborted(signal) }
  const history = openSqliteHistory(join(folder, 'history.db'), { clock, log: QUIET }, { maxBytes: 2 ** 28 })
  try {
    const startedAt = performance.now()
    const appendMs = await writeWeek(history, (at) => (now = at))
    return {
      name: 'history',
      series: SERIES.length,
      samples: WEEK_S * SERIES.length,
      dropped: history.dropped(),
      megabytes: rounded(bytesIn(folder) / 1e6),
      targetMegabytes: 200,
      writeSeconds: rounded((performance.now() - startedAt) / 1000),
      appendMicrosPerTick: rounded((appendMs / WEEK_S) * 1000),
      targetMs: 100,
      queries: [
        await timed(history, 'week', { fromAt: now - WEEK, toAt: now, stepMs: null }),
        await timed(history, 'week by 5 min', { fromAt: now - WEEK, toAt: now, stepMs: 300_000 }),
        await timed(history, 'day by 10 s', { fromAt: now - DAY, toAt: now, stepMs: 10_000 }),
        await timed(history, 'hour by 1 s', { fromAt: now - HOUR, toAt: now, stepMs: 1_000 }),
      ],
    }
  } finally {
    await history[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
}

/** Gives the time that `append` took: all of it that a tick waits for. */
async function writeWeek(history: OpenHistory, setNow: (at: Millis) => void): Promise<number> {
  let appendMs = 0
  for (let second = 0; second < WEEK_S; second++) {
    const at = START + second * 1000
    const samples = SERIES.map((series, index) => ({ ...series, at, value: sampleValue(index, second) }))
    const startedAt = performance.now()
    history.append(samples)
    appendMs += performance.now() - startedAt
    setNow(at)
    if (second % BATCH_S === BATCH_S - 1) await history.flush()
  }
  await history.flush()
  return appendMs
}

/** A day's wave with noise that no encoding could make small. */
function sampleValue(series: number, second: number): number {
  const wave = 1 + Math.sin((2 * Math.PI * second) / 86_400 + series)
  return wave * 100 * (1 + series) + Math.random() * 10
}

async function timed(
  history: OpenHistory,
  query: string,
  range: Omit<HistoryQuery, 'fleet' | 'metric'>,
): Promise<object> {
  const times: number[] = []
  let answer: HistoryAnswer | null = null
  for (const series of SERIES) {
    const startedAt = performance.now()
    answer = await history.read({ ...series, ...range })
    times.push(performance.now() - startedAt)
  }
  const { points, stepMs } = answer!
  return {
    query,
    stepMs,
    points: points.length,
    medianMs: rounded(median(times)),
    maxMs: rounded(Math.max(...times)),
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_done, failed) =>
    signal.addEventListener('abort', () => failed(signal.reason), { once: true }),
  )
}
