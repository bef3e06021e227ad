import { onTestFinished, vi } from 'vitest'
import type { Fleet, LaunchRequest } from '../../src/core/fleet.ts'
import type { Transport } from '../../src/drivers/alicloud/client/transport.ts'
import { type EcsConfig, parseEcs, templateOf } from '../../src/drivers/alicloud/ecs/config.ts'
import { openEcs } from '../../src/drivers/alicloud/ecs/open.ts'
import { withInstance } from '../../src/sandbox/ecs/instances.ts'
import type { FaultRule } from '../../src/sandbox/fault-rule.ts'
import { SAMPLE_KEY } from '../../src/sandbox/sample.ts'
import { Cloud, REGION, START } from './cloud.ts'

const HOUR = 3_600_000

/** The vSwitches of the sandbox, each in a zone. */
export const ZONES = ['h', 'i', 'j'].map((zone) => `vsw-sandbox-${zone}`)

/** The environment has the keys of the sandbox until the test ends. */
export function sandboxKeys(): void {
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', SAMPLE_KEY.id)
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', SAMPLE_KEY.secret)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
}

/** `over`: keys of the file that differ. */
export function ecsConfig(over: Record<string, unknown> = {}): EcsConfig {
  const parsed = parseEcs({
    region: REGION,
    vswitches: ZONES,
    'instance-types': ['ecs.g7.large', 'ecs.g7.xlarge'],
    image: 'sandbox-image',
    'security-groups': ['sg-sandbox'],
    port: 8080,
    ...over,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

/** The driver on the sandbox's clock: time goes on while it works. */
export function openFleet(
  cloud: Cloud,
  {
    fleet = 'api',
    over = {},
    transport = cloud.transport,
  }: { fleet?: string; over?: Record<string, unknown>; transport?: Transport } = {},
): Fleet {
  const log = { info() {}, warn() {}, error() {} }
  const host = { clock: cloud.clock, rng: chance, log, installation: 'demo', stateDir: '/nowhere' }
  // A controller of its own shares nothing with the one before.
  const own: Transport = (request, signal) => transport(request, signal)
  const opened = openEcs(ecsConfig(over), { fleet, startupMs: 60_000 }, host, own).fleet!
  return {
    get freshForMs() {
      return opened.freshForMs
    },
    list: (signal) => cloud.until(opened.list(signal)),
    launch: (request, signal) => cloud.until(opened.launch(request, signal)),
    confirm: (ids, signal) => cloud.until(opened.confirm(ids, signal)),
    retire: (ids, signal) => cloud.until(opened.retire(ids, signal)),
    park: (ids, signal) => cloud.until(opened.park!(ids, signal)),
  }
}

/** A launch with a token of its own. */
export function requestOf(cloud: Cloud, count: number, over: Record<string, unknown> = {}): LaunchRequest {
  const token = `demo.api.${cloud.clock.now() + sequence++}`
  return { token, fleet: 'api', count, revision: 'r1', template: templateOf(ecsConfig(over)) }
}
let sequence = 0

/** Never the same twice: it makes the nonces of calls. */
let drawn = 0
const chance = () => (++drawn % 9973) / 9973

/** A cloud where something goes wrong for an hour. */
export function troubled(fault: FaultRule['fault'], rule: Partial<FaultRule> = {}): Cloud {
  const cloud = new Cloud()
  cloud.world = { ...cloud.world, faults: [{ id: 'f', fault, share: 1, untilAt: START + HOUR, ...rule }] }
  return cloud
}

/** No list shows them for an hour. */
export function hideAll(cloud: Cloud): void {
  for (const one of [...cloud.world.ecs.instances.values()])
    cloud.world = withInstance(cloud.world, { ...one, listedAt: START + HOUR })
}
