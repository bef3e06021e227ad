import { createHistoryDesk } from '../controller/history-desk.ts'
import type { HistoryDesk } from '../core/history.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock } from '../core/time.ts'
import { openSqliteHistory } from '../drivers/sqlite/history/open.ts'
import { acquireLock } from '../drivers/sqlite/lock.ts'
import { createLog } from './log.ts'
import { statePaths } from './paths.ts'

/** The history of a state directory where no controller runs, which could not start meanwhile. Throws Fault store.busy. */
export async function withStoredHistory<T>(
  { stateDir, fleets, history: limits }: Settings,
  clock: Clock,
  run: (desk: HistoryDesk) => Promise<T>,
): Promise<T> {
  const paths = statePaths(stateDir)
  using _lock = acquireLock(paths.controllerLock)
  await using history = openSqliteHistory(paths.history, { clock, log: createLog('history') }, limits)
  return await run(createHistoryDesk(history, () => fleets))
}
