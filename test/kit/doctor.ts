import type { Finding, NeededPort } from '../../src/core/finding.ts'
import { type Transport, Unsent } from '../../src/drivers/alicloud/client/transport.ts'
import { examineEcs } from '../../src/drivers/alicloud/doctor/doctor.ts'
import { parseEcs } from '../../src/drivers/alicloud/ecs/config.ts'
import { withEcs } from '../../src/sandbox/ecs/instances.ts'
import { Cloud, REGION } from './cloud.ts'

const never = new AbortController().signal

/** A fleet's section that is right in the sandbox. */
export const ECS = {
  region: REGION,
  vswitches: ['vsw-sandbox-h', 'vsw-sandbox-i', 'vsw-sandbox-j'],
  'instance-types': ['ecs.g7.large', 'ecs.c7.large'],
  image: 'sandbox-image',
  'security-groups': ['sg-sandbox'],
  port: 80,
}

let drawn = 0
function hostOf({ clock }: Cloud) {
  const log = { info() {}, warn() {}, error() {} }
  return { clock, rng: () => (++drawn % 9973) / 9973, log, installation: 'demo', stateDir: '/nowhere' }
}

const PORTS: readonly NeededPort[] = [
  { protocol: 'tcp', port: null, why: 'traffic', from: null },
  { protocol: 'tcp', port: 8081, why: 'checks of pool api', from: null },
]

export interface Fleet {
  readonly max?: number
  readonly ports?: readonly NeededPort[]
  /** The ECS server on which the doctor runs. */
  readonly machine?: string
}

/** As its metadata service tells. */
function onMachine(cloud: Cloud, machine: string | undefined): Transport {
  const answer = (text: string) => ({ status: 200, headers: {}, text })
  return async (request, signal) => {
    if (!request.url.startsWith('http://100.100.100.200/')) return await cloud.transport(request, signal)
    if (machine === undefined) throw new Unsent('nobody there')
    return answer(request.url.endsWith('/api/token') ? 'token' : machine)
  }
}

const LISTENERS = [{ protocol: 'tcp', port: 443, why: 'listener web', from: null }] as const

export function examining(
  cloud: Cloud,
  over: Record<string, unknown> = {},
  { max = 10, ports = PORTS, machine }: Fleet = {},
) {
  const parsed = parseEcs({ ...ECS, ...over })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const patient = { fleet: 'api', max, startupMs: 60_000, ports, listeners: LISTENERS }
  const about = { patient, host: hostOf(cloud), signal: never }
  return examineEcs(parsed.config, about, onMachine(cloud, machine))
}

export const examined = (cloud: Cloud, over?: Record<string, unknown>, fleet?: Fleet) =>
  cloud.until(examining(cloud, over, fleet))

/** A sandbox in which all is well. */
export function healthy(): Cloud {
  const cloud = new Cloud()
  const rules = ['80/80', '8081/8081'].map((ports) => ({ protocol: 'tcp', ports, source: '10.0.0.0/8' }))
  const [group] = cloud.world.ecs.securityGroups
  cloud.world = withEcs(cloud.world, { securityGroups: [{ ...group!, rules }] })
  return cloud
}

export const bad = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok')

export const lineOf = ({ level, about, says, fix }: Finding) => `${level} ${about} ${says}; ${fix}`
