import type { Ecs, InstanceType } from './ecs/state.ts'
import { NETWORK, newWorld, type World } from './world.ts'

const REGION = 'cn-hangzhou'
const ZONES = ['cn-hangzhou-h', 'cn-hangzhou-i', 'cn-hangzhou-j']
const VPC = 'vpc-sandbox'
/** For those who want to see what a file meets that names things of two. */
const OTHER_VPC = 'vpc-sandbox-2'

/** Made up, but of the order of the price list (https://www.alibabacloud.com/en/pricing-calculator). */
const TYPES: readonly InstanceType[] = [
  { id: 'ecs.c7.large', cpu: 2, memoryMib: 4096, price: 0.55, spotPrice: 0.09 },
  { id: 'ecs.g7.large', cpu: 2, memoryMib: 8192, price: 0.68, spotPrice: 0.11 },
  { id: 'ecs.g7.xlarge', cpu: 4, memoryMib: 16_384, price: 1.36, spotPrice: 0.22 },
]

/** Of a group as the console makes it for a website. */
const RULES = [{ protocol: 'tcp', ports: '80/80', source: '0.0.0.0/0' }] as const

/** The key of a sandbox that is not told another one. Nobody keeps a secret with it. */
export const SAMPLE_KEY = { id: 'sandbox', secret: 'sandbox', account: '1000000000000001' }

/** A region with three zones, a network in each, a security group, an image and a few types: enough to begin with. Beside it a second VPC
 *  with one network and one group. */
export function sampleWorld(network = NETWORK): World {
  const ecs: Partial<Ecs> = {
    regions: { [REGION]: ZONES },
    types: TYPES,
    images: ['sandbox-image'],
    vSwitches: [
      ...ZONES.map((zone, nth) => ({
        id: `vsw-sandbox-${zone.at(-1)}`,
        vpc: VPC,
        zone,
        prefix: `${network}.${nth}`,
      })),
      { id: 'vsw-sandbox-2', vpc: OTHER_VPC, zone: ZONES[0]!, prefix: `${network}.100` },
    ],
    securityGroups: [
      { id: 'sg-sandbox', vpc: VPC, rules: RULES },
      { id: 'sg-sandbox-2', vpc: OTHER_VPC, rules: RULES },
    ],
  }
  const world = newWorld({ keys: [SAMPLE_KEY], seed: 1, network })
  return { ...world, ecs: { ...world.ecs, ...ecs } }
}
