import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { get } from 'node:https'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { carryTraffic } from '../../src/sandbox/carry/carry.ts'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import { type Served, serveSandbox } from '../../src/sandbox/serve.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { Authority } from '../kit/certificates.ts'
import { SILENT } from '../kit/gateway.ts'

const popCoreSdk: { RPCClient: typeof import('@alicloud/pop-core') } = createRequire(import.meta.url)(
  '@alicloud/pop-core',
)

const RegionId = 'cn-hangzhou'
const CHECKED = { HealthCheck: 'on', HealthCheckInterval: 1, HealthyThreshold: 2, UnhealthyThreshold: 2 }
const LISTENER = { BackendServerPort: 18_080, Bandwidth: -1, StickySession: 'off', ...CHECKED }
/** Five times what checks and the gateway need. */
const SOON = { timeout: 20_000, interval: 100 }

let clock: VirtualClock
let cloud: Served
let traffic: AsyncDisposable
let folder: string
let LoadBalancerId: string
let ids: readonly string[]
let servers: readonly Server[]
let errors: string[]

/** Answers its name at the address that the sandbox gave to an instance. */
async function serve(name: string, host: string): Promise<Server> {
  const server = createServer((_, response) => response.end(name))
  await once(server.listen(18_080, host), 'listening')
  return server
}

type Uploaded = { readonly ServerCertificateId: string }
type Query = Record<string, string | number>
async function ask(action: string, query: Query = {}, apiVersion = '2014-05-15'): Promise<never> {
  const client = new popCoreSdk.RPCClient({
    accessKeyId: SAMPLE_KEY.id,
    accessKeySecret: SAMPLE_KEY.secret,
    endpoint: cloud.url,
    apiVersion,
  })
  const about = LoadBalancerId === '' ? {} : { LoadBalancerId }
  const answer = await client.request(action, { RegionId, ...about, ...query }, { method: 'POST' })
  await clock.advance(1_000)
  return answer as never
}

/** What is answered there, or why nothing is. Time goes on meanwhile. */
async function at(path: string): Promise<string> {
  await clock.advance(200)
  return await fetch(`http://127.10.200.1:${path}`)
    .then(async (response) => (response.ok ? await response.text() : String(response.status)))
    .catch(() => 'refused')
}

async function health(): Promise<readonly string[]> {
  const { BackendServers } = (await ask('DescribeHealthStatus')) as {
    BackendServers: { BackendServer: { ServerHealthStatus: string }[] }
  }
  return BackendServers.BackendServer.map(({ ServerHealthStatus }) => ServerHealthStatus)
}

const members = (...weights: readonly number[]) => ({
  BackendServers: JSON.stringify(
    weights.map((Weight, nth) => ({ ServerId: ids[nth], Weight, Port: 18_080 })),
  ),
})

describe.skipIf(process.platform !== 'linux')('a load balancer of CLB carries traffic (needs Linux)', () => {
  beforeEach(async () => {
    clock = new VirtualClock(Date.now())
    cloud = await serveSandbox(sampleWorld(), { port: 0, clock })
    folder = mkdtempSync(join(tmpdir(), 'tidegate-'))
    errors = []
    const log = { ...SILENT, error: (message: string) => void errors.push(message) }
    traffic = await carryTraffic(cloud, { folder, clock, log })
    LoadBalancerId = ''
    const launch = { ImageId: 'sandbox-image', InstanceType: 'ecs.c7.large', SecurityGroupId: 'sg-sandbox' }
    await ask('RunInstances', { ...launch, VSwitchId: 'vsw-sandbox-h', Amount: 2 }, '2014-05-26')
    await clock.advance(30_000)
    const instances = [...cloud.world().ecs.instances.values()]
    ids = instances.map(({ id }) => id)
    servers = await Promise.all(instances.map(({ ip }, nth) => serve('ab'[nth]!, ip)))
    // One of shared performance shows one certificate.
    const LoadBalancerSpec = 'slb.s1.small'
    ;({ LoadBalancerId } = (await ask('CreateLoadBalancer', { LoadBalancerSpec })) as {
      LoadBalancerId: string
    })
  })
  afterEach(async () => {
    // The gateway looks at the clock once more.
    const ended = traffic[Symbol.asyncDispose]()
    await clock.advance(200)
    await ended
    await cloud[Symbol.asyncDispose]()
    for (const server of servers) server.close()
    rmSync(folder, { recursive: true })
  })

  test('to the servers of its groups, by weight and by rule, as long as they are well', async () => {
    await ask('CreateLoadBalancerHTTPListener', { ...LISTENER, ListenerPort: 18_000 })
    await ask('AddBackendServers', members(100, 0))
    await ask('StartLoadBalancerListener', { ListenerPort: 18_000 })
    await expect.poll(() => at('18000/'), SOON).toBe('a')
    await ask('SetBackendServers', members(0, 100))
    await expect.poll(() => at('18000/'), SOON).toBe('b')
    const { VServerGroupId } = (await ask('CreateVServerGroup', members(100))) as { VServerGroupId: string }
    const RuleList = JSON.stringify([{ RuleName: 'api', Url: '/api', VServerGroupId }])
    await ask('CreateRules', { ListenerPort: 18_000, RuleList })
    await expect.poll(() => at('18000/api/1'), SOON).toBe('a')
    expect(await at('18000/')).toBe('b')
    servers[1]!.closeAllConnections()
    servers[1]!.close()
    await expect.poll(health, SOON).toEqual(['normal', 'abnormal', 'normal'])
    expect(cloud.world().slb.balancers.get(LoadBalancerId)!.sentBytes).toBeGreaterThan(0)
    const most = () => {
      const series = [...cloud.world().cms.series.values()].find(({ metric }) => metric === 'InstanceQps')
      return Math.max(0, ...(series?.spans ?? []).map(({ maximum }) => maximum))
    }
    await expect.poll(async () => (await at('18000/')) && most(), SOON).toBeGreaterThan(0)
    await ask('StopLoadBalancerListener', { ListenerPort: 18_000 })
    await expect.poll(() => at('18000/'), SOON).toBe('refused')
  }, 60_000)

  test('but for a listener whose port somebody else has, whose servers are checked, until it is free', async () => {
    const other = createServer((_, response) => response.end('other'))
    await once(other.listen(18_000, '127.10.200.1'), 'listening')
    await ask('AddBackendServers', members(100, 100))
    for (const ListenerPort of [18_000, 18_002]) {
      await ask('CreateLoadBalancerHTTPListener', { ...LISTENER, ListenerPort })
      await ask('StartLoadBalancerListener', { ListenerPort })
    }
    await expect.poll(() => at('18002/'), SOON).toMatch(/^[ab]$/)
    expect(await at('18000/')).toBe('other')
    servers[1]!.closeAllConnections()
    servers[1]!.close()
    await expect.poll(health, SOON).toEqual(['normal', 'abnormal', 'normal', 'abnormal'])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(
      /^not served until its port is free: listener lb-\S+: 127\.10\.200\.1:18000 is taken/,
    )
    other.closeAllConnections()
    other.close()
    await expect.poll(() => at('18000/'), SOON).toBe('a')
    expect(errors).toHaveLength(1)
  }, 60_000)

  test('over TCP, and over TLS with the certificates that it was given, by server name', async () => {
    await ask('AddBackendServers', members(100))
    await ask('CreateLoadBalancerTCPListener', { ...LISTENER, ListenerPort: 18_001, healthCheckInterval: 1 })
    await ask('StartLoadBalancerListener', { ListenerPort: 18_001 })
    await expect.poll(() => at('18001/'), SOON).toBe('a')
    const authority = new Authority()
    const upload = async (name: string) => {
      const { cert, key } = authority.issue([name])
      const query = { ServerCertificate: cert, PrivateKey: key }
      const { ServerCertificateId } = (await ask('UploadServerCertificate', query)) as Uploaded
      return { ListenerPort: 18_443, ServerCertificateId }
    }
    await ask('CreateLoadBalancerHTTPSListener', { ...LISTENER, ...(await upload('127.10.200.1')) })
    await ask('CreateDomainExtension', { Domain: 'shop.test', ...(await upload('shop.test')) })
    await ask('StartLoadBalancerListener', { ListenerPort: 18_443 })
    const secured = async (servername?: string) => {
      await clock.advance(200)
      const options = { ca: authority.ca.cert, agent: false, ...(servername && { servername }) }
      return await new Promise<string>((answered) =>
        get('https://127.10.200.1:18443/', options, (response) => answered(text(response))).on(
          'error',
          ({ message }) => answered(message),
        ),
      )
    }
    await expect.poll(() => secured(), SOON).toBe('a')
    expect(await secured('shop.test')).toBe('a')
    expect(await secured('other.test')).toContain('other.test')
    authority.remove()
  }, 60_000)
})
