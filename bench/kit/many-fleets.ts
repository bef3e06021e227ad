import { EMPTY_MEMORY } from '../../src/controller/state.ts'
import type { Store } from '../../src/core/store.ts'
import type { Millis } from '../../src/core/time.ts'
import { type EcsConfig, parseEcs } from '../../src/drivers/alicloud/ecs/config.ts'
import { TAGS } from '../../src/drivers/alicloud/ecs/tags.ts'
import type { Instance, VSwitch } from '../../src/sandbox/ecs/state.ts'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import type { World } from '../../src/sandbox/world.ts'
import { REGION, START } from '../../test/kit/cloud.ts'

export const INSTALLATION = 'bench'
const ZONES = ['h', 'i', 'j'].map((letter) => `${REGION}-${letter}`)
const VPC = 'vpc-sandbox'
const TYPE = 'ecs.g7.large'
/** Virtual CPUs of one server, and for how many times the servers that there are the account has been given them. */
const [CPUS, ROOM] = [2, 2]

/** A fleet has networks of its own, one in each zone. */
function vSwitchesOf(fleet: number): readonly VSwitch[] {
  return ZONES.map((zone, nth) => {
    const number = fleet * ZONES.length + nth
    return {
      id: `vsw-${number}`,
      vpc: VPC,
      zone,
      prefix: `10.${Math.floor(number / 256)}.${number % 256}`,
    }
  })
}

/** A sandbox in which every fleet has so many servers, and has had them for a day. */
export function worldOf(fleets: readonly string[], servers: number): World {
  const world = sampleWorld()
  const instances = fleets.flatMap((fleet, number) => instancesOf(fleet, number, servers))
  const ecs = {
    ...world.ecs,
    quota: CPUS * ROOM * instances.length,
    vSwitches: fleets.flatMap((_, number) => vSwitchesOf(number)),
    instances: new Map(instances.map((one) => [one.id, one])),
  }
  return { ...world, ecs }
}

/** Those of one fleet. */
export function instancesOf(fleet: string, number: number, servers: number): readonly Instance[] {
  return Array.from({ length: servers }, (_, nth) => instanceOf(fleet, vSwitchesOf(number), nth))
}

function instanceOf(fleet: string, vSwitches: readonly VSwitch[], nth: number): Instance {
  const vSwitch = vSwitches[nth % vSwitches.length]!
  const at = START - 86_400_000
  const own = { installation: INSTALLATION, fleet, token: `${INSTALLATION}.${fleet}.${at}`, revision: 'r1' }
  return {
    id: `i-${fleet}-${nth}`,
    account: SAMPLE_KEY.account,
    name: fleet,
    region: REGION,
    zone: vSwitch.zone,
    type: TYPE,
    image: 'sandbox-image',
    vSwitch: vSwitch.id,
    vpc: VPC,
    securityGroups: ['sg-sandbox'],
    ip: `${vSwitch.prefix}.${Math.floor(nth / vSwitches.length) + 1}`,
    userData: '',
    status: 'Running',
    tags: Object.fromEntries(
      Object.entries(own).map(([name, value]) => [TAGS[name as keyof typeof own], value]),
    ),
    createdAt: at,
    listedAt: at,
    autoReleaseAt: null,
    spot: 'NoSpot',
    recycledAt: null,
    stopCharging: false,
    deletionProtection: false,
    privatePool: null,
    price: 0.68,
    spent: 0,
    chargedFrom: at,
  }
}

export function configOf(fleet: number): EcsConfig {
  const parsed = parseEcs({
    region: REGION,
    vswitches: vSwitchesOf(fleet).map(({ id }) => id),
    'instance-types': [TYPE],
    image: 'sandbox-image',
    'security-groups': ['sg-sandbox'],
    port: 8080,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

/** Its servers have served before: they are not to be confirmed once more. */
export async function remember(
  store: Store,
  fleet: string,
  ids: readonly string[],
  at: Millis,
): Promise<void> {
  const memory = { ...EMPTY_MEMORY, confirmed: ids, want: ids.length, tickAt: at }
  const tick = { at, readings: {}, servers: [], have: ids.length, want: ids.length }
  await store.commit(fleet, memory, { tick, decision: null, events: [], closed: [], doneOrders: [] })
}
