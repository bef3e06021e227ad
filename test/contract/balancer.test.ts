import { once } from 'node:events'
import { rename, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { BroadcastChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import type { BalancerSpec } from '../../src/core/balancer.ts'
import { openGateway } from '../../src/drivers/gateway/open.ts'
import { controlPathFor } from '../../src/drivers/gateway/path.ts'
import { startGateway } from '../../src/gateway/main/start.ts'
import type { Fate } from '../kit/fragile-worker.ts'
import { aListener, ask, SILENT, TestGateway } from '../kit/gateway.ts'
import { aBalancerSpec, aPoolSpec, balancerContract } from './balancer.ts'
import { metricSourceContract } from './metric-source.ts'

const never = new AbortController().signal
const pause = (ms = 20) => new Promise<void>((resolve) => setTimeout(resolve, ms))

balancerContract('gateway', async () => {
  const gateway = await TestGateway.start()
  return {
    balancer: gateway.driver.balancer,
    aServer: () => gateway.aServer(),
    pass: () => pause(),
    close: () => gateway.close(),
  }
})

metricSourceContract('gateway', async () => {
  const gateway = await TestGateway.start()
  await gateway.driver.balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
  return {
    source: gateway.driver.metrics,
    query: { metric: 'in-flight-per-server', fleet: 'api', pools: ['api'], servers: ['a'] },
    now: Date.now,
    pass: () => pause(),
    lose: () => gateway.stop(),
    close: () => gateway.close(),
  }
})

describe('the gateway itself', () => {
  const open: TestGateway[] = []
  afterEach(async () => {
    for (const gateway of open.splice(0)) await gateway.close()
  })

  async function aGateway(workerEntry?: URL): Promise<TestGateway> {
    const gateway = await TestGateway.start(workerEntry)
    open.push(gateway)
    return gateway
  }

  /** A gateway that serves one server at a port. */
  async function serving(gateway: TestGateway) {
    const server = await gateway.aServer('hello')
    const spec = withListener(aListener('web', 'api'))
    await gateway.driver.balancer.configure(spec, never)
    const put = (weight: number) =>
      gateway.driver.balancer.put('api', [{ id: 'a', address: server.address, weight }], never)
    await put(1)
    await untilHealthy(gateway)
    const { bound } = await gateway.driver.balancer.status(never)
    return { spec, put, port: bound.web!.port }
  }

  test('carries requests, counts them, and stops when the member drains', async () => {
    const gateway = await aGateway()
    const { port, put } = await serving(gateway)
    for (let i = 0; i < 10; i++) expect(await ask(port)).toEqual({ status: 200, body: 'hello' })
    const stats = await gateway.driver.stats(5000, never)
    expect(stats.pools[0]).toMatchObject({ name: 'api', requests: 10, panic: false })
    expect(stats.pools[0]!.members[0]).toMatchObject({ id: 'a', requests: 10, statuses: [0, 10, 0, 0, 0] })
    await put(0)
    expect((await ask(port)).status).toBe(503)
  })

  test('a taken port is named, and the old configuration stays', async () => {
    const gateway = await aGateway()
    const { port, spec } = await serving(gateway)
    const taken = await gateway.aServer()
    const takenPort = Number(taken.address.split(':')[1])
    const wrong = { ...spec, listeners: [...spec.listeners, aListener('second', 'api', takenPort)] }
    const before = await gateway.driver.balancer.status(never)
    await expect(gateway.driver.balancer.configure(wrong, never)).rejects.toMatchObject({
      code: 'port.taken',
      message: expect.stringContaining(`second: 127.0.0.1:${takenPort} is taken`),
    })
    expect(await gateway.driver.balancer.status(never)).toEqual(before)
    expect((await ask(port)).body).toBe('hello')
  })

  test('a port of 0 stays the same port through another configuration', async () => {
    const gateway = await aGateway()
    const { port, spec } = await serving(gateway)
    await gateway.driver.balancer.configure({ ...spec, panicRatio: 0.3 }, never)
    expect((await gateway.driver.balancer.status(never)).bound.web!.port).toBe(port)
    expect((await ask(port)).body).toBe('hello')
  })

  test('an older controller is refused, and this is remembered', async () => {
    const gateway = await aGateway()
    const { put } = await serving(gateway)
    const newer = openGateway(controlPathFor(gateway.stateDir), 2, systemClock())
    await newer.balancer.put('api', [], never)
    newer.close()
    await expect(put(1)).rejects.toMatchObject({ code: 'balancer.stale-epoch', retry: 'no' })
    await gateway.stop()
    await gateway.start()
    await expect(put(1)).rejects.toMatchObject({ code: 'balancer.stale-epoch' })
  })

  test.each([1, -1])(
    'all instants are by the clock of whoever asks, %i h from the gateway’s',
    async (hours) => {
      const gateway = await aGateway()
      await serving(gateway)
      const clock = systemClock()
      const now = () => clock.now() + hours * 3_600_000
      const beganAt = now() - 1_800_000
      const other = openGateway(controlPathFor(gateway.stateDir), 1, { ...clock, now })
      const [member] = await other.balancer.members('api', never)
      const { startedAt } = await other.status(never)
      const { at } = await other.stats(5_000, never)
      other.close()
      const probed = member!.probes.map((probe) => probe.at)
      expect(probed).not.toEqual([])
      for (const instant of [member!.sinceAt, ...probed, startedAt, at]) {
        expect(instant).toBeGreaterThan(beganAt)
        expect(instant).toBeLessThanOrEqual(now())
      }
    },
  )

  test('a gateway that is not there is unreachable, and may be asked again', async () => {
    const gateway = await aGateway()
    await gateway.stop()
    await expect(gateway.driver.balancer.status(never)).rejects.toMatchObject({
      code: 'balancer.unreachable',
      retry: 'yes',
    })
    const query = { metric: 'rps', fleet: 'f', pools: ['api'], servers: [] } as const
    expect(await gateway.driver.metrics.read([query], 1000, never)).toMatchObject([
      { ok: false, why: 'unreachable' },
    ])
  })

  test('a second gateway on the same socket is refused', async () => {
    const gateway = await aGateway()
    const { stateDir } = gateway
    const second = { stateDir, controlPath: controlPathFor(stateDir), workers: 1, log: SILENT }
    await expect(startGateway(second)).rejects.toMatchObject({ code: 'store.busy' })
    expect(await gateway.driver.balancer.status(never)).toMatchObject({ specHash: null })
  })

  test('a socket file that nobody answers on is replaced, and only its owner may open the new one', async () => {
    const gateway = await aGateway()
    await gateway.stop()
    const path = controlPathFor(gateway.stateDir)
    const killed = createServer()
    await once(killed.listen(path), 'listening')
    await rename(path, `${path}.kept`)
    await once(killed.close(), 'close')
    await rename(`${path}.kept`, path)
    await gateway.start()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await gateway.driver.balancer.status(never)).toMatchObject({ specHash: null })
  })

  test('a state that cannot be read is left behind, not died of', async () => {
    const gateway = await aGateway()
    await gateway.stop()
    await writeFile(join(gateway.stateDir, 'gateway.json'), '{"format":1,"epoch":5,"spec":{}}')
    await gateway.start()
    await expect(serving(gateway)).rejects.toMatchObject({ code: 'balancer.stale-epoch' })
  })

  test('after a restart it serves at once by what it had', async () => {
    const gateway = await aGateway()
    const { port, spec } = await serving(gateway)
    const before = await gateway.driver.balancer.status(never)
    await gateway.stop()
    await expect(ask(port)).rejects.toThrow()
    await gateway.start()
    expect((await ask(port)).body).toBe('hello')
    expect(await gateway.driver.balancer.status(never)).toMatchObject({
      specHash: before.specHash,
      bound: before.bound,
    })
    expect(spec.listeners[0]!.bind.port).toBe(0)
  })

  test('over the control socket it can be told to end', async () => {
    const gateway = await aGateway()
    const { port } = await serving(gateway)
    await gateway.driver.stop(100, never)
    await gateway.handle!.stopped
    await expect(ask(port)).rejects.toThrow()
  })

  test.each<Fate['how']>(['throw', 'exit', 'heap'])(
    'a worker that meets its end by %s is replaced',
    async (how) => {
      const gateway = await aGateway(new URL('../kit/fragile-worker.ts', import.meta.url))
      const { port } = await serving(gateway)
      for (let i = 0; i < 10; i++) expect((await ask(port)).status).toBe(200)
      const channel = new BroadcastChannel('fragile')
      channel.postMessage({ index: 0, how } satisfies Fate)
      await untilReplaced(gateway)
      channel.close()
      for (let i = 0; i < 20; i++) expect((await ask(port)).status).toBe(200)
      const { pools } = await gateway.driver.stats(5000, never)
      expect(pools[0]!.members[0]!.requests, 'dead workers count on').toBe(30)
      await untilIdle(gateway)
    },
  )
})

function withListener(listener: BalancerSpec['listeners'][number]): BalancerSpec {
  return { ...aBalancerSpec([aPoolSpec('api')]), listeners: [listener] }
}

async function untilHealthy(gateway: TestGateway): Promise<void> {
  for (let round = 0; round < 500; round++) {
    const [member] = await gateway.driver.balancer.members('api', never)
    if (member?.state === 'healthy') return
    await pause()
  }
  throw new Error('the member did not become healthy')
}

/** A worker counts a request down after its client has the last byte. */
async function untilIdle(gateway: TestGateway): Promise<void> {
  for (let round = 0; round < 500; round++) {
    const [member] = await gateway.driver.balancer.members('api', never)
    if (member?.inFlight === 0) return
    await pause()
  }
  throw new Error('the member stays busy')
}

async function untilReplaced(gateway: TestGateway): Promise<void> {
  for (let round = 0; round < 1000; round++) {
    const { workers } = await gateway.driver.status(never)
    if (workers[0]!.generation === 2 && workers[0]!.ready) return
    await pause()
  }
  throw new Error('the worker was not replaced')
}
