import { expect, test } from 'vitest'
import { createLanes, LaneReader } from '../../src/gateway/lanes.ts'
import { NO_KEYS } from '../../src/gateway/main/keys/keychain.ts'
import { EMPTY } from '../../src/gateway/main/members/roster.ts'
import { compose } from '../../src/gateway/main/state/compose.ts'
import { Workers } from '../../src/gateway/main/workers.ts'
import { aListener, SILENT } from '../kit/gateway.ts'
import { until } from '../kit/traffic.ts'

test('sockets of a former gateway wait for their worker, or the one after it, until it listens on them', async () => {
  const told: string[] = []
  const served = { roster: EMPTY, bound: {}, keys: NO_KEYS }
  const none = compose(0, served, { pool: () => 0, listener: () => 0, trafficClass: () => 0 })
  const buffers = createLanes(1)
  const workers = new Workers({
    count: 1,
    reusePort: true,
    entry: new URL('../kit/heir-worker.ts', import.meta.url),
    inherited: { web: [9] },
    buffers,
    reader: new LaneReader(buffers),
    snapshot: () => none,
    now: () => performance.now(),
    log: { ...SILENT, info: (message) => told.push(message) },
  })
  const next = async (count: number) => {
    await until(
      () => told.length === count && workers.status()[0]!.ready,
      () => `${count} starts: ${told}`,
    )
    return told.at(-1)
  }
  await workers.start()
  expect(await next(1)).toBe('left: web')
  await workers.closeIdle([])
  expect(await next(2), 'it had not listened').toBe('left: web')
  const listener = { ...aListener('web', 'api'), bind: { host: '127.0.0.1', port: 1 }, listenerSlot: 0 }
  await workers.serve({ ...none, version: 1, listeners: [listener] })
  await workers.closeIdle([])
  expect(await next(3), 'it had').toBe('left: ')
  await workers.drain(0)
})
