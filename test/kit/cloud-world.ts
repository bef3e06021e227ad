import type { BalancerSpec } from '../../src/core/balancer.ts'
import type { Probe } from '../../src/core/health.ts'
import type { Millis } from '../../src/core/time.ts'
import { openAlb } from '../../src/drivers/alicloud/alb/open.ts'
import { openClb } from '../../src/drivers/alicloud/clb/open.ts'
import type { Transport } from '../../src/drivers/alicloud/client/transport.ts'
import { type EcsConfig, parseEcs, templateOf } from '../../src/drivers/alicloud/ecs/config.ts'
import { openEcs } from '../../src/drivers/alicloud/ecs/open.ts'
import { DELAYS } from '../../src/sandbox/delays.ts'
import type { Instance } from '../../src/sandbox/ecs/state.ts'
import { settled } from '../../src/sandbox/settle.ts'
import { albConfigOf } from './alb-shop.ts'
import { type Cloud, REGION } from './cloud.ts'
import { ZONES } from './ecs.ts'
import { checked, configOf as clbConfig, listener } from './shop.ts'
import { World, type WorldOptions } from './world.ts'

/** From `Running` to the first passed check. */
export const BOOT_MS: Millis = 5_000
const STARTUP_MS: Millis = 300_000

export interface CloudWorldOptions extends Pick<WorldOptions, 'fleet' | 'tickMs' | 'requestMs' | 'wrap'> {
  /** Keys of the driver, beside those that must be there. */
  readonly driver?: Readonly<Record<string, unknown>>
  /** The network of every controller that starts. */
  readonly transport?: () => Transport
  /** What has the traffic in place of the imaginary balancer: a CLB instance, and a group of it that is there. */
  readonly clb?: { readonly id: string; readonly group: string }
  /** The same: an ALB instance, in which the controller makes its group. */
  readonly alb?: string
}

/** A whole controller over the driver of ECS and the sandbox, on virtual time: its servers are instances. Credentials are in the
 *  environment. */
export function cloudWorld(cloud: Cloud, options: CloudWorldOptions = {}): World {
  const { driver = {}, transport = () => cloud.transport, wrap = (ports) => ports, clb, alb } = options
  const config = configOf(driver)
  const log = { info() {}, warn() {}, error() {} }
  let drawn = 0
  // Never the same twice: it makes the nonces of calls.
  const rng = () => (++drawn % 99_991) / 99_991
  const host = { clock: cloud.clock, rng, log, installation: 'test', stateDir: '/nowhere' }
  // A controller of its own shares nothing with the one before.
  const network = (): Transport => {
    const own = transport()
    return (request, signal) => own(request, signal)
  }
  const probe: Probe = async (address) => ({ ok: answers(cloud, address), ms: 1, detail: '' })
  const named = { name: 'gateway', probe }
  const carry =
    (clb && (() => openClb(clbConfig(clb.id), named, host, network()).balancer)) ??
    (alb === undefined ? undefined : () => openAlb(albConfigOf(alb), named, host, network()).balancer)
  return new World({
    ...options,
    clock: cloud.clock,
    fleet: { startupMs: STARTUP_MS, ...options.fleet, template: templateOf(config) },
    isUp: (address) => answers(cloud, address),
    ...(carry && { carry, carried: (spec) => ofCloud(spec, clb?.group) }),
    wrap: (ports) => {
      const about = { fleet: 'api', startupMs: STARTUP_MS }
      return wrap({ ...ports, fleet: openEcs(config, about, host, network()).fleet! })
    },
  })
}

function configOf(driver: Readonly<Record<string, unknown>>): EcsConfig {
  const parsed = parseEcs({
    region: REGION,
    vswitches: ZONES,
    'instance-types': ['ecs.g7.large', 'ecs.g7.xlarge'],
    image: 'sandbox-image',
    'security-groups': ['sg-sandbox'],
    port: 8080,
    ...driver,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

/** Its pools as balancers of the cloud can have them, in this group or in one of their own. */
function ofCloud(spec: BalancerSpec, serverGroup: string | undefined): BalancerSpec {
  const part = serverGroup === undefined ? {} : { part: { serverGroup } }
  const pools = spec.pools.map((pool) => ({ ...checked(pool), ...part }))
  return { ...spec, listeners: [listener(pools[0]!.name, 80)], pools }
}

/** Does a server take traffic at this address? */
export function answers(cloud: Cloud, address: string): boolean {
  const now = cloud.now()
  cloud.world = settled(cloud.world, now)
  const [ip] = address.split(':')
  const instance = [...cloud.world.ecs.instances.values()].find((one) => one.ip === ip)
  return instance !== undefined && isUp(cloud, instance, now)
}

function isUp({ world }: Cloud, { status, createdAt, zone }: Instance, now: Millis): boolean {
  const isDown = world.faults.some(
    ({ fault, untilAt }) => fault.kind === 'zone-down' && untilAt > now && (fault.zone ?? zone) === zone,
  )
  const sinceMs = now - createdAt - DELAYS.pendingMs - DELAYS.startingMs
  return status === 'Running' && sinceMs >= BOOT_MS && !isDown
}

/** A CLB with a group in which somebody else has a server, of weight 30. */
export async function aClb(cloud: Cloud): Promise<{ readonly id: string; readonly group: string }> {
  const [server] = cloud.ask('ecs', 'RunInstances', {
    ImageId: 'sandbox-image',
    InstanceType: 'ecs.g7.large',
    VSwitchId: 'vsw-sandbox-h',
    SecurityGroupId: 'sg-sandbox',
  }).InstanceIdSets.InstanceIdSet
  await cloud.advance(60_000)
  const { LoadBalancerId } = cloud.ask('slb', 'CreateLoadBalancer', { LoadBalancerSpec: 'slb.s2.small' })
  const BackendServers = JSON.stringify([{ ServerId: server, Port: 80, Weight: 30 }])
  const query = { LoadBalancerId, VServerGroupName: 'shop', BackendServers }
  return { id: LoadBalancerId, group: cloud.ask('slb', 'CreateVServerGroup', query).VServerGroupId }
}
