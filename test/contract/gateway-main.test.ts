import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { Gateway } from '../../src/gateway/main/gateway.ts'
import type { Descriptors } from '../../src/gateway/main/upgrade/hand-over.ts'
import { aListener, ask, SILENT } from '../kit/gateway.ts'
import { until } from '../kit/traffic.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

let stateDir = ''
const told: string[] = []

beforeEach(async () => {
  told.length = 0
  stateDir = await mkdtemp(join(tmpdir(), 'tidegate-'))
})

afterEach(() => rm(stateDir, { recursive: true }))

function aGateway(worker?: string): Gateway {
  return new Gateway({
    stateDir,
    controlPath: join(stateDir, 'gateway.sock'),
    workers: 1,
    log: { ...SILENT, info: (message) => told.push(message), warn: (message) => told.push(message) },
    ...(worker ? { workerEntry: new URL(worker, import.meta.url) } : {}),
  })
}

const member = (port: number) => ({ id: `${port}`, address: `127.0.0.1:${port}`, weight: 100 })

test('a change that is undone leaves each member a slot of its own', async () => {
  const gateway = aGateway('../kit/refusing-worker.ts')
  await gateway.start()
  const before = aBalancerSpec([aPoolSpec('api'), aPoolSpec('assets', [member(1)])])
  await gateway.configure(1, before)
  const failing = { ...aBalancerSpec([aPoolSpec('api')]), listeners: [aListener('refused', 'api')] }
  await expect(gateway.configure(1, failing)).rejects.toMatchObject({ code: 'port.taken' })
  await new Promise((done) => setTimeout(done, 300))
  await gateway.put(1, 'api', [member(2)])
  const slots = told
    .findLast((message) => message.startsWith('slots '))!
    .slice(6)
    .split(',')
  await gateway.stop(0)
  expect(slots).toHaveLength(2)
  expect(new Set(slots).size).toBe(2)
})

test('stopped while it starts, it has ended all that it started', async () => {
  const gateway = aGateway()
  const started = gateway.start()
  await Promise.all([gateway.stop(0), started])
  expect(gateway.status().workers).toEqual([{ index: 0, generation: 1, ready: false }])
})

test('stopped within a change, it probes nobody any more', async () => {
  let probes = 0
  const server = createServer((socket) => {
    probes++
    socket.destroy()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const gateway = aGateway()
  await gateway.start()
  const changing = gateway.configure(1, aBalancerSpec([aPoolSpec('api', [member(port)])]))
  await Promise.resolve().then(() => {})
  await Promise.all([gateway.stop(0), changing])
  const atTheEnd = probes
  await new Promise((done) => setTimeout(done, 600))
  server.close()
  expect(probes).toBe(atTheEnd)
})

test('says once of a server of the file that it has passed no check', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const gateway = aGateway()
  await gateway.start()
  await gateway.configure(1, aBalancerSpec([aPoolSpec('api', [member(port)])]))
  const hopeless = () => told.filter((message) => message.includes('has passed no check yet'))
  await until(
    () => hopeless().length > 0,
    () => told.join(),
  )
  await gateway.stop(0)
  server.close()
  expect(hopeless()).toEqual([`member ${port} of pool api has passed no check yet: status 404`])
})

test('a successor that does not become ready changes nothing; one that cannot be started is refused', async () => {
  const plain = aGateway()
  await plain.start()
  await expect(plain.upgrade(0)).rejects.toMatchObject({ code: 'balancer.refused' })
  await plain.stop(0)
  const handed: Descriptors[] = []
  const gateway = new Gateway({
    stateDir,
    controlPath: join(stateDir, 'gateway.sock'),
    workers: 2,
    log: SILENT,
    startSuccessor: (sockets) => {
      handed.push(sockets)
      const message = 'the successor ended (code 1)'
      const failed = () =>
        Promise.reject(new Fault('balancer.refused', message, { source: 'user', retry: 'yes' }))
      return { pid: 0, ready: failed, go: failed, end: () => {} }
    },
  })
  await gateway.start()
  await gateway.configure(1, { ...aBalancerSpec([aPoolSpec('api')]), listeners: [aListener('web', 'api')] })
  await expect(gateway.upgrade(0)).rejects.toMatchObject({ message: expect.stringMatching(/code 1/) })
  expect(handed[0]!.web).toHaveLength(2)
  expect(gateway.status().workers.every(({ ready }) => ready)).toBe(true)
  expect((await ask(gateway.status().bound.web!.port)).status).toBe(503)
  await gateway.configure(1, aBalancerSpec([aPoolSpec('other')]))
  await gateway.stop(0)
})
