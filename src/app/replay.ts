import { existsSync } from 'node:fs'
import { Fault } from '../core/fault.ts'
import type { HistoryAnswer, HistoryDesk } from '../core/history.ts'
import type { MetricName } from '../core/metrics.ts'
import type { Recording } from '../core/recording.ts'
import type { Settings } from '../core/settings.ts'
import type { Millis } from '../core/time.ts'
import { cronCalendar } from '../drivers/cron/calendar.ts'
import { openRecording } from '../drivers/sqlite/recording.ts'
import { type Result, replayFleet } from '../simulator/replay/replay-fleet.ts'
import type { Deciding } from '../simulator/rivals/tidegate.ts'
import { statePaths } from './paths.ts'
import { fleetOf } from './simulated-fleet.ts'

/** A controller that is busy ticks later than it should; one that is away for longer has seen nothing meanwhile. */
const GAP_MS: Millis = 60_000
const GAP_TICKS = 5

export interface ReplayAsk {
  /** null = every fleet of the file. */
  readonly fleet: string | null
  readonly fromAt: Millis
  readonly toAt: Millis
}

/** Lends the history, of what runs or of the state directory. */
export type WithDesk = <T>(run: (desk: HistoryDesk) => Promise<T>) => Promise<T>

/** What the journal of the state directory keeps, decided anew by the file: a result a fleet; fleets without ticks are left out. Throws
 *  Fault not-found where there is no journal, store.failed. */
export async function replayJournal(
  settings: Settings,
  { fleet, fromAt, toAt }: ReplayAsk,
  withDesk: WithDesk,
): Promise<readonly Result[]> {
  const fleets = fleet === null ? settings.fleets.map(({ name }) => name) : [fleet]
  const decidings = fleets.map((name) => fleetOf(settings, name))
  using recording = openJournal(settings.stateDir)
  const gapMs = Math.max(GAP_MS, GAP_TICKS * settings.tickMs)
  const about = { recording, calendar: cronCalendar(), fromAt, toAt, gapMs }
  const results: Result[] = []
  for (const deciding of decidings) {
    const history = (metrics: readonly MetricName[], beginsAt: Millis) =>
      withDesk((desk) => readAll(desk, deciding, { metrics, fromAt: beginsAt, toAt }))
    const result = await replayFleet(deciding, { ...about, history })
    if (result !== null) results.push(result)
  }
  return results
}

function openJournal(stateDir: string): Recording & Disposable {
  const path = statePaths(stateDir).store
  if (existsSync(path)) return openRecording(path)
  throw new Fault('not-found', `there is no journal in ${stateDir}: nothing has run there yet`, {
    source: 'user',
    retry: 'no',
  })
}

/** What runs may run by a file that does not know a metric of this one. */
async function readAll(
  desk: HistoryDesk,
  { fleet }: Deciding,
  { metrics, fromAt, toAt }: { metrics: readonly MetricName[]; fromAt: Millis; toAt: Millis },
): Promise<readonly HistoryAnswer[]> {
  const answers = metrics.map(async (metric) => {
    const query = { fleet: fleet.name, metric, fromAt, toAt, stepMs: 1_000 }
    return await desk.read(query).catch((error: unknown) => {
      if (error instanceof Fault && error.code === 'not-found') return null
      throw error
    })
  })
  return (await Promise.all(answers)).filter((answer) => answer !== null)
}
