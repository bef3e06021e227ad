import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import type { BalancerSpec } from '../../src/core/balancer.ts'
import { aListener, ask, TestGateway } from '../kit/gateway.ts'
import { until } from '../kit/traffic.ts'

/** A DNS server of one name (RFC 1035), over UDP: A records as it is told. */
class NameServer {
  addresses: readonly string[] = []
  asked = 0
  answers = true
  readonly #socket: Socket = createSocket('udp4')

  async start(): Promise<string> {
    this.#socket.on('message', (query, from) => {
      this.asked++
      if (this.answers) this.#socket.send(this.#answer(query), from.port, from.address)
    })
    this.#socket.bind(0, '127.0.0.1')
    await once(this.#socket, 'listening')
    return `127.0.0.1:${this.#socket.address().port}`
  }

  stop(): void {
    this.#socket.close()
  }

  #answer(query: Buffer): Buffer {
    const end = query.indexOf(0, 12) + 5
    const question = query.subarray(12, end)
    const isA = query.readUInt16BE(end - 4) === 1
    const records = isA ? this.addresses : []
    const head = Buffer.alloc(12)
    query.copy(head, 0, 0, 2)
    head.writeUInt16BE(0x8180, 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(records.length, 6)
    const answers = records.map((address) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]),
    )
    return Buffer.concat([head, question, ...answers])
  }
}

const opened: (() => unknown)[] = []
afterEach(async () => {
  for (const end of opened.splice(0).reverse()) await end()
})

function specOf(resolver: string, port: number): BalancerSpec {
  return {
    name: 'gateway',
    listeners: [aListener('web', 'api')],
    pools: [
      {
        name: 'api',
        algorithm: 'round-robin',
        health: {
          type: 'tcp',
          path: '/',
          expect: { from: 200, to: 399 },
          intervalMs: 60_000,
          timeoutMs: 1_000,
          unhealthy: 3,
          healthy: 2,
        },
        slowStartMs: 0,
        upstream: { connectMs: 2_000, idleMs: 4_000, maxConnections: 100, maxPending: 100 },
        retries: 2,
        servers: [{ id: `api.test:${port}`, address: `api.test:${port}`, weight: 100 }],
        fleets: [],
      },
    ],
    panicRatio: 0.5,
    accessLog: null,
    bandwidthBps: null,
    resolvers: [resolver],
  }
}

test('a name has a member for each address; they come, go and stay with its answers', async () => {
  const names = new NameServer()
  const resolver = await names.start()
  opened.push(() => names.stop())
  const gateway = await TestGateway.start()
  opened.push(() => gateway.close())
  const server = await gateway.aServer('one')
  const port = Number(server.address.split(':')[1])
  names.addresses = ['127.0.0.1', '127.0.0.2']
  const { signal } = new AbortController()
  await gateway.driver.balancer.configure(specOf(resolver, port), signal)
  const members = async () => {
    const these = await gateway.driver.balancer.members('api', signal)
    return these.map(({ address, state }) => `${address.split(':')[0]} ${state}`)
  }
  await eventually(async () => (await members()).includes('127.0.0.1 healthy'))
  expect(await members()).toHaveLength(2)
  const { web } = (await gateway.driver.balancer.status(signal)).bound
  expect(await ask(web!.port)).toEqual({ status: 200, body: 'one' })
  names.addresses = ['127.0.0.1', '127.0.0.3', '127.0.0.4']
  await eventually(async () => (await members()).length === 3)
  expect((await members()).map((member) => member.split(' ')[0])).toEqual([
    '127.0.0.1',
    '127.0.0.3',
    '127.0.0.4',
  ])
  names.answers = false
  const { asked } = names
  await until(
    () => names.asked > asked + 1,
    () => 'questions without an answer',
  )
  expect(await members()).toHaveLength(3)
  expect(await ask(web!.port)).toEqual({ status: 200, body: 'one' })
  await gateway.stop()
  await gateway.start()
  expect(await members()).toHaveLength(3)
  expect(await ask(web!.port)).toEqual({ status: 200, body: 'one' })
})

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((done) => setTimeout(done, 20))
  }
}
