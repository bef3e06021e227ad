import { expect, test } from 'vitest'
import { ALB, CLB, type Product } from '../kit/cloud-balancers.ts'
import { Load } from '../kit/load.ts'
import { Sandbox } from '../kit/sandbox.ts'
import { Tidegate } from '../kit/tidegate.ts'

/** Others may have a sandbox on this machine, whose addresses are the same. */
const PORT = 18_900 + (process.pid % 800)
const LIVE_MS = 240_000
const RPS = 20

interface Summary {
  readonly instances: Readonly<Record<string, number>>
  readonly released: number
}

interface Zoned {
  readonly InstanceId: string
  readonly ZoneId: string
  readonly AutoReleaseTime: string
}

async function instancesOf(sandbox: Sandbox): Promise<readonly Zoned[]> {
  return (await sandbox.ask('ecs', 'DescribeInstances', { MaxResults: 100 })).Instances.Instance
}

/** A fleet of two behind a load balancer, still to be started, and where that takes traffic. */
async function aShop(sandbox: Sandbox, { driver, create }: Product) {
  const { id, address } = await create(sandbox)
  const tidegate = new Tidegate(`
gateway: { workers: 1 }
balancers:
  shop: { driver: ${driver}, region: cn-hangzhou, endpoint: "${sandbox.endpoint}", load-balancer: ${id} }
listeners: { web: { balancer: shop, bind: ":${PORT}", protocol: http, pool: api } }
pools:
  api:
    balancer: shop
    algorithm: round-robin
    health: { type: http, path: /health, interval: 3s, timeout: 2s, healthy: 2, unhealthy: 3 }
    slow-start: 0s
    fleet: api
fleets:
  api:${sandbox.fleet(PORT)}
    min: 2
    max: 4
    drain: { timeout: 5s }
    replace: { unhealthy-after: 5s }
`)
  return { tidegate, url: `http://${address}:${PORT}/`, id }
}

async function nothingIsLeft(sandbox: Sandbox, tidegate: Tidegate, bought: number): Promise<void> {
  await tidegate.cli('down', '--config', tidegate.file)
  expect(await sandbox.about<Summary>('summary')).toMatchObject({ instances: {}, released: bought })
}

const onLinux = test.skipIf(process.platform !== 'linux')

onLinux(
  'when a zone is lost, its servers are made up for in others (needs Linux)',
  { timeout: LIVE_MS },
  async () => {
    await using sandbox = await Sandbox.start('--speed', '10')
    const { tidegate, url, id } = await aShop(sandbox, CLB)
    await using _ = tidegate
    tidegate.start()
    await tidegate.serving(2)
    const before = new Load(url, RPS)
    await tidegate.until('answers', () => before.report().ok > 2 * RPS)
    expect(before.report().failed).toEqual([])
    const [lost, kept] = await instancesOf(sandbox)
    expect(lost!.ZoneId).not.toBe(kept!.ZoneId)
    await sandbox.order('faults', { kind: 'zone-down', zone: lost!.ZoneId, forMs: LIVE_MS })
    await tidegate.until('the check that fails', async () => {
      const health = await sandbox.ask('slb', 'DescribeHealthStatus', { LoadBalancerId: id })
      return health.BackendServers.BackendServer.some(
        (one: { ServerHealthStatus: string }) => one.ServerHealthStatus === 'abnormal',
      )
    })
    await before.stop()
    const after = new Load(url, RPS)
    const restored = await tidegate.until('two servers outside that zone', async () => {
      const fleet = await tidegate.fleet()
      const isWhole = fleet?.ready === 2 && fleet.servers.length === 2
      return isWhole && fleet.servers.every((server) => server.id !== lost!.InstanceId) ? fleet : null
    })
    const zones = new Map((await instancesOf(sandbox)).map(({ InstanceId, ZoneId }) => [InstanceId, ZoneId]))
    expect(restored.servers.map((server) => zones.get(server.id))).not.toContain(lost!.ZoneId)
    const { sent, ok, failed } = await after.stop()
    expect({ failed, lost: sent - ok }).toEqual({ failed: [], lost: 0 })
    await nothingIsLeft(sandbox, tidegate, 3)
  },
)

onLinux.each([CLB, ALB])(
  'when the controller is killed in the middle of a launch behind $driver, it is made once and serves (needs Linux)',
  { timeout: LIVE_MS },
  async (product) => {
    await using sandbox = await Sandbox.start('--speed', '10')
    const { tidegate, url } = await aShop(sandbox, product)
    await using _ = tidegate
    tidegate.start()
    await tidegate.serving(2)
    const load = new Load(url, RPS)
    await tidegate.until('answers', () => load.report().ok > RPS)
    // The cloud has begun, and nobody has heard of it.
    await sandbox.order('faults', {
      kind: 'latency',
      operation: 'ecs RunInstances',
      ms: 20_000,
      forMs: 20_000,
    })
    await tidegate.cli('scale', 'api', '3', '--config', tidegate.file)
    await tidegate.until('a third instance', async () => {
      const { instances } = await sandbox.about<Summary>('summary')
      return Object.values(instances).reduce((sum, one) => sum + one, 0) === 3
    })
    const { controller } = tidegate
    process.kill(controller!.pid, 'SIGKILL')
    await tidegate.successor('controller', controller!)
    await tidegate.serving(3)
    await tidegate.until('traffic for all', () => load.report().byServer.size === 3)
    const { sent, ok, failed } = await load.stop()
    expect({ failed, lost: sent - ok }).toEqual({ failed: [], lost: 0 })
    expect(await sandbox.about<Summary>('summary')).toMatchObject({ instances: { Running: 3 }, released: 0 })
    // None is to be deleted by the cloud itself.
    await tidegate.until('no release that is planned', async () =>
      (await instancesOf(sandbox)).every(({ AutoReleaseTime }) => AutoReleaseTime === ''),
    )
    await nothingIsLeft(sandbox, tidegate, 3)
  },
)
