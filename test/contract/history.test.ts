import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteHistory } from '../../src/drivers/sqlite/history/open.ts'
import { SimHistory } from '../../src/simulator/sim-history.ts'
import { handClock, SILENT } from '../kit/admin.ts'
import { NOON } from '../kit/scaling.ts'
import { historyContract } from './history.ts'

function settableClock() {
  const clock = handClock(NOON)
  return { ...clock, set: (at: number) => clock.advance(at - clock.now()) }
}

historyContract('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-history-'))
  const clock = settableClock()
  const open = () =>
    openSqliteHistory(join(folder, 'state', 'history.db'), { clock, log: SILENT }, { maxBytes: 2 ** 28 })
  let history = open()
  return {
    history,
    clock,
    async reopen() {
      await history[Symbol.asyncDispose]()
      history = open()
      return history
    },
    async close() {
      await history[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
})

historyContract('simulator', async () => {
  const clock = settableClock()
  const history = new SimHistory(clock)
  return { history, clock, reopen: async () => history, close: async () => {} }
})
