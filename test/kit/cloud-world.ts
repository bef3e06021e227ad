import type { Millis } from '../../src/core/time.ts'
import type { Transport } from '../../src/drivers/alicloud/client/transport.ts'
import { parseEcs, templateOf } from '../../src/drivers/alicloud/ecs/config.ts'
import { openEcs } from '../../src/drivers/alicloud/ecs/open.ts'
import { DELAYS } from '../../src/sandbox/delays.ts'
import type { Instance } from '../../src/sandbox/ecs/state.ts'
import { settled } from '../../src/sandbox/settle.ts'
import { type Cloud, REGION } from './cloud.ts'
import { World, type WorldOptions } from './world.ts'

/** From `Running` to the first passed check. */
export const BOOT_MS: Millis = 5_000
const STARTUP_MS: Millis = 300_000

export interface CloudWorldOptions extends Pick<WorldOptions, 'fleet' | 'tickMs' | 'requestMs' | 'wrap'> {
  /** Keys of the driver, beside those that must be there. */
  readonly driver?: Readonly<Record<string, unknown>>
  /** The network of every controller that starts. */
  readonly transport?: () => Transport
}

/** A whole controller over the driver of ECS and the sandbox, on virtual time: its servers are instances. Credentials are in the
 *  environment. */
export function cloudWorld(cloud: Cloud, options: CloudWorldOptions = {}): World {
  const { driver = {}, transport = () => cloud.transport, wrap = (ports) => ports } = options
  const parsed = parseEcs({
    region: REGION,
    vswitches: cloud.world.ecs.vSwitches.map(({ id }) => id),
    'instance-types': ['ecs.g7.large', 'ecs.g7.xlarge'],
    image: 'sandbox-image',
    'security-groups': ['sg-sandbox'],
    port: 8080,
    ...driver,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { config } = parsed
  const log = { info() {}, warn() {}, error() {} }
  let drawn = 0
  // Never the same twice: it makes the nonces of calls.
  const rng = () => (++drawn % 99_991) / 99_991
  const host = { clock: cloud.clock, rng, log, installation: 'test', stateDir: '/nowhere' }
  return new World({
    ...options,
    clock: cloud.clock,
    fleet: { startupMs: STARTUP_MS, ...options.fleet, template: templateOf(config) },
    isUp: (address) => answers(cloud, address),
    wrap: (ports) => {
      const about = { fleet: 'api', startupMs: STARTUP_MS }
      const network = transport()
      // A controller of its own shares nothing with the one before.
      const own: Transport = (request, signal) => network(request, signal)
      return wrap({ ...ports, fleet: openEcs(config, about, host, own).fleet! })
    },
  })
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
