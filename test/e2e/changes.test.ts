import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProgram } from '../../bench/kit/processes.ts'
import type { BalancerSpec, MemberSpec } from '../../src/core/balancer.ts'
import { DEFAULT_GROUPS } from '../../src/core/tls.ts'
import { aBalancerSpec, aPoolSpec } from '../contract/balancer.ts'
import { Answerer } from '../kit/answerer.ts'
import { Authority, type Pair } from '../kit/certificates.ts'
import { aListener, TestGateway } from '../kit/gateway.ts'
import { Load } from '../kit/load.ts'

/** TIDEGATE_CHANGES_SECONDS=60 is the minute of the promise; a normal run takes a sixth of it. */
const SECONDS = Number(process.env.TIDEGATE_CHANGES_SECONDS ?? 10)
const EVERY_MS = 50
const SERVERS = 4
const POOL = 'api'
const never = new AbortController().signal
const noOpenssl = findProgram('openssl') === null ? ' (needs openssl)' : ''

let authority: Authority
let pairs: readonly Pair[]
let servers: readonly Answerer[]
beforeAll(async () => {
  authority = new Authority()
  pairs = ['first', 'second'].map((name) => authority.issue([name, '127.0.0.1']))
  servers = await Promise.all(
    Array.from({ length: SERVERS }, (_, nth) => Answerer.start({ 'x-server': `${nth}` })),
  )
})
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]()
  authority.remove()
})

/** The nth of many: another certificate, another rule in front of the one that all requests meet. */
function specOf(nth: number): BalancerSpec {
  const { certFile: cert, keyFile: key } = pairs[nth % 2]!
  const tls = {
    certificates: [{ cert, key }],
    minVersion: 'TLSv1.2',
    groups: DEFAULT_GROUPS,
    handshakeMs: 5000,
  } as const
  const respond = { kind: 'respond', status: 404, body: `${nth}`, type: 'text/plain' } as const
  const rules = [
    { match: { path: `/none-${nth}` }, action: respond },
    { match: {}, action: { kind: 'pool', pool: POOL } },
  ] as const
  // Longer than any test process stalls: whoever asks on a connection just as it is given up for idle loses that request.
  const limits = { ...aListener('plain', POOL).limits, idleMs: 600_000 }
  const plain = { ...aListener('plain', POOL), rules, pool: null, limits }
  const secured = { ...plain, name: 'secured', protocol: 'https', tls } as const
  return { ...aBalancerSpec([aPoolSpec(POOL)]), listeners: [plain, secured] }
}

function memberOf(server: number, weight: number): MemberSpec {
  return { id: `${server}`, address: servers[server]!.address, weight }
}

/** Everything at once; one server leaves with each change, and the one that had left comes back with another weight. */
async function change({ driver: { balancer } }: TestGateway, nth: number): Promise<void> {
  const [gone, back] = [nth % SERVERS, (nth + SERVERS - 1) % SERVERS]
  const others = Array.from({ length: SERVERS }, (_, server) => server).filter((server) => server !== gone)
  await balancer.configure(specOf(nth), never)
  await balancer.put(
    POOL,
    others.map((server) => memberOf(server, 50 + ((nth * 37 + server * 11) % 100))),
    never,
  )
  await balancer.put(POOL, [memberOf(back, 1 + (nth % 1000))], never)
  await balancer.drop(POOL, [`${gone}`], never)
}

/** Asks over TLS until told to stop; what went wrong, and how many answers came. */
async function askSecurely(port: number, agent: Agent | false, running: () => boolean) {
  const failed: string[] = []
  let answers = 0
  while (running()) {
    const asking = request({ port, host: '127.0.0.1', ca: authority.ca.cert, agent })
    try {
      asking.end()
      const [response] = (await once(asking, 'response')) as [IncomingMessage]
      for await (const _ of response);
      if (response.statusCode === 200) answers++
      else failed.push(`status ${response.statusCode}`)
    } catch (error) {
      failed.push(String(error))
    }
  }
  return { failed, answers }
}

test.skipIf(noOpenssl !== '')(
  `no request is lost while certificates, rules, members and weights change twenty times a second${noOpenssl}`,
  { timeout: (SECONDS + 60) * 1000 },
  async () => {
    const gateway = await TestGateway.start()
    await change(gateway, 0)
    const healthy = async () =>
      (await gateway.driver.balancer.members(POOL, never)).filter(({ state }) => state === 'healthy')
    while ((await healthy()).length < SERVERS - 1) await sleep(20)
    const { bound } = await gateway.driver.status(never)
    const load = new Load(`http://127.0.0.1:${bound.plain!.port}/`, 200)
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.ca.cert })
    let running = true
    const asking = [agent, false as const].map((by) => askSecurely(bound.secured!.port, by, () => running))
    for (let nth = 1; nth <= SECONDS * (1000 / EVERY_MS); nth++) {
      await Promise.all([change(gateway, nth), sleep(EVERY_MS)])
    }
    running = false
    const secured = await Promise.all(asking)
    const { failed, byServer } = await load.stop()
    agent.destroy()
    await gateway.close()
    expect([...failed, ...secured.flatMap((one) => one.failed)]).toEqual([])
    expect([...byServer.keys()].sort()).toEqual(['0', '1', '2', '3'])
    for (const { answers } of secured) expect(answers).toBeGreaterThan(0)
  },
)
