import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { carryTraffic } from '../../src/sandbox/carry/carry.ts'
import { type Served, serveSandbox } from '../../src/sandbox/serve.ts'
import { AlbCloud, server } from '../kit/alb-cloud.ts'
import { Authority } from '../kit/certificates.ts'
import { SILENT } from '../kit/gateway.ts'

const PORT = 18_081
const CHECK = { HealthCheckEnabled: true, HealthCheckInterval: 1 }
/** Five times what checks and the gateway need. */
const SOON = { timeout: 20_000, interval: 100 }

let cloud: AlbCloud
let authority: Authority
let open: AsyncDisposableStack
beforeEach(() => {
  cloud = new AlbCloud()
  authority = new Authority()
  open = new AsyncDisposableStack()
})
afterEach(async () => {
  await open.disposeAsync()
  authority.remove()
})

/** What the cloud has is carried from now on. */
async function carry(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-alb-'))
  open.defer(() => rmSync(folder, { recursive: true }))
  const { clock } = cloud
  const served = open.use(await serveSandbox(cloud.world, { port: 0, clock }))
  const traffic = await carryTraffic(served, { folder, clock, log: SILENT })
  open.defer(async () => {
    // The gateway looks at the clock once more.
    const ended = traffic[Symbol.asyncDispose]()
    await clock.advance(200)
    await ended
  })
  return served
}

/** What is answered to a client who knows the authority. Time goes on meanwhile. */
async function answered(host: string, name: string, path: string): Promise<string> {
  await cloud.clock.advance(200)
  const options = { host, port: 18_444, path, servername: name, headers: { host: name }, agent: false }
  return await new Promise<string>((done) =>
    get({ ...options, ca: authority.ca.cert }, async (response) => {
      const { statusCode, headers } = response
      done(`${statusCode} ${headers.location ?? (await text(response)).trim()}`)
    }).on('error', ({ message }) => done(message)),
  )
}

test('ALB is carried at the address of each zone, by its rules and with certificates of the certificate service', async () => {
  const group = await cloud.group({ HealthCheckConfig: CHECK })
  const { cert, key } = authority.issue(['a.test', 'b.test'])
  const { CertId } = cloud.ask('cas', 'UploadUserCertificate', { Name: 'shop', Cert: cert, Key: key })
  const ListenerId = await cloud.listener(await cloud.balancer(), group, {
    ListenerPort: 18_444,
    ListenerProtocol: 'HTTPS',
    Certificates: [{ CertificateId: `${CertId}-cn-hangzhou` }],
  })
  const Host = { Type: 'Host', HostConfig: { Values: ['B.test'] } }
  const Path = { Type: 'Path', PathConfig: { Values: ['/old/*', '~*^/[x-z]'] } }
  const Config = { HttpCode: '404', Content: 'gone', ContentType: 'text/plain' }
  const to = { Order: 1, Type: 'Redirect', RedirectConfig: { Host: 'a.test' } }
  const gone = { Order: 1, Type: 'FixedResponse', FixedResponseConfig: Config }
  const Rules = [
    { Priority: 1, RuleName: 'moved', RuleConditions: [Host], RuleActions: [to] },
    { Priority: 2, RuleName: 'gone', RuleConditions: [Path], RuleActions: [gone] },
  ]
  await cloud.done('CreateRules', { ListenerId, Rules })
  const [id] = await cloud.instances(1)
  await cloud.done('AddServersToServerGroup', {
    ServerGroupId: group,
    Servers: [server(id!, { Port: PORT })],
  })
  const { ip } = cloud.world.ecs.instances.get(id!)!
  let isWell = true
  const web = createServer(({ method }, response) => {
    response.statusCode = isWell || method === 'GET' ? 200 : 500
    response.end('here')
  })
  open.defer(() => void web.close())
  await once(web.listen(PORT, ip), 'listening')
  const served = await carry()
  await expect.poll(() => answered('127.10.0.252', 'a.test', '/'), SOON).toBe('200 here')
  expect(await answered('127.10.1.252', 'a.test', '/')).toBe('200 here')
  expect(await answered('127.10.0.252', 'b.test', '/p?q=1')).toBe('301 https://a.test:18444/p?q=1')
  expect(await answered('127.10.0.252', 'a.test', '/old/x')).toBe('404 gone')
  expect(await answered('127.10.0.252', 'a.test', '/Yes')).toBe('404 gone')
  // Its only server fails the checks, which are HEAD requests: it is better than none.
  isWell = false
  const isHealthy = async () => {
    await cloud.clock.advance(200)
    return served.world().health.get(`${ip}:${PORT}`)
  }
  await expect.poll(isHealthy, SOON).toBe(false)
  expect(await answered('127.10.0.252', 'a.test', '/')).toBe('200 here')
}, 60_000)
