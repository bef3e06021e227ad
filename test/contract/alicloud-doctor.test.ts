import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Finding, NeededPort } from '../../src/core/finding.ts'
import { examineEcs } from '../../src/drivers/alicloud/doctor/doctor.ts'
import { parseEcs } from '../../src/drivers/alicloud/ecs/config.ts'
import { ecsPermissions } from '../../src/drivers/alicloud/ecs/permissions.ts'
import { withEcs } from '../../src/sandbox/ecs/instances.ts'
import type { FaultRule } from '../../src/sandbox/fault-rule.ts'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import { type Served, serveSandbox } from '../../src/sandbox/serve.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { untranslated } from '../kit/chinese.ts'
import { Cloud, REGION, START } from '../kit/cloud.ts'
import { tidegate } from '../kit/command.ts'

const never = new AbortController().signal
const HOUR = 3_600_000
const ECS = {
  region: REGION,
  vswitches: ['vsw-sandbox-h', 'vsw-sandbox-i', 'vsw-sandbox-j'],
  'instance-types': ['ecs.g7.large', 'ecs.c7.large'],
  image: 'sandbox-image',
  'security-groups': ['sg-sandbox'],
  port: 80,
}

let folder: string
let served: Served | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-doctor-'))
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', SAMPLE_KEY.id)
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', SAMPLE_KEY.secret)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await served?.[Symbol.asyncDispose]()
  served = null
  rmSync(folder, { recursive: true })
})

let drawn = 0
function hostOf({ clock }: Cloud) {
  const log = { info() {}, warn() {}, error() {} }
  return { clock, rng: () => (++drawn % 9973) / 9973, log, installation: 'demo', stateDir: '/nowhere' }
}

const PORTS: readonly NeededPort[] = [
  { protocol: 'tcp', port: null, why: 'traffic', from: null },
  { protocol: 'tcp', port: 8081, why: 'checks of pool api', from: null },
]

interface Fleet {
  readonly max?: number
  readonly ports?: readonly NeededPort[]
}

function examining(
  cloud: Cloud,
  over: Record<string, unknown> = {},
  { max = 10, ports = PORTS }: Fleet = {},
) {
  const parsed = parseEcs({ ...ECS, ...over })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const patient = { fleet: 'api', max, startupMs: 60_000, ports }
  const about = { patient, host: hostOf(cloud), signal: never }
  return examineEcs(parsed.config, about, cloud.transport)
}

const examined = (cloud: Cloud, over?: Record<string, unknown>, fleet?: Fleet) =>
  cloud.until(examining(cloud, over, fleet))

function healthy(): Cloud {
  const cloud = new Cloud()
  const rules = ['80/80', '8081/8081'].map((ports) => ({ protocol: 'tcp', ports, source: '10.0.0.0/8' }))
  const [group] = cloud.world.ecs.securityGroups
  cloud.world = withEcs(cloud.world, { securityGroups: [{ ...group!, rules }] })
  return cloud
}

function forbidden(operation: string): Cloud {
  const cloud = healthy()
  const rule: FaultRule = {
    id: 'f',
    fault: { kind: 'forbidden' },
    share: 1,
    untilAt: START + HOUR,
    operation,
  }
  cloud.world = { ...cloud.world, faults: [rule] }
  return cloud
}

const bad = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok')

test('where all is well, everything is looked at and nothing is changed', async () => {
  const cloud = healthy()
  const { findings, repairs } = await examined(cloud)
  expect(bad(findings)).toEqual([])
  expect(repairs).toEqual([])
  expect([...new Set(findings.map(({ about }) => about))]).toEqual([
    'credentials',
    'clock',
    'permissions',
    'image',
    'stock',
    'quota',
    'costs',
    'vswitches',
    'security-groups',
  ])
  expect(findings[0]!.says).toBe('acs:ram::1000000000000001:user/sandbox, by the environment')
  expect(cloud.world.ecs.instances.size).toBe(0)
  expect(findings.find(({ about }) => about === 'costs')!.says).toBe(
    'api costs at most 6.80 an hour, beside disks and traffic: 10 of ecs.g7.large at 0.68',
  )
})

test('what it calls, the policy allows', async () => {
  const cloud = healthy()
  await examined(cloud)
  const parsed = parseEcs(ECS)
  const allowed = parsed.ok ? ecsPermissions(parsed.config).map(({ action }) => action.split(':')[1]!) : []
  // It needs no permission.
  expect(cloud.calls.filter((action) => !allowed.includes(action))).toEqual(['GetCallerIdentity'])
})

/** What is wrong, and what is found of it first: its level, its subject, what it says and the fix. */
const WRONG: readonly (readonly [
  string,
  () => Promise<{ readonly findings: readonly Finding[] }>,
  RegExp,
])[] = [
  [
    'no keys',
    () => {
      vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', '')
      vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', '')
      // Real files are read in real time.
      return examining(healthy(), { credentials: { profile: 'nobody' } })
    },
    /^problem credentials no credentials for Alibaba Cloud from .*config\.json: .*; set ALIBABA_CLOUD_ACCESS_KEY_ID/,
  ],
  [
    'a wrong secret',
    () => {
      vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'wrong')
      return examined(healthy())
    },
    /^problem credentials cannot be looked at: SignatureDoesNotMatch: .* \(request SANDBOX-\w+\); the credentials are wrong/,
  ],
  [
    'a clock that is a little late',
    () => {
      const cloud = healthy()
      cloud.world = { ...cloud.world, skewMs: 5 * 60_000 }
      return examined(cloud)
    },
    /^warning clock the clock of this machine is 5m behind the cloud's; set it by NTP/,
  ],
  [
    'a clock that is far ahead',
    () => {
      const cloud = healthy()
      cloud.world = { ...cloud.world, skewMs: -HOUR }
      return examined(cloud)
    },
    /^problem clock the clock of this machine is 1h ahead of the cloud's; set it by NTP/,
  ],
  [
    'no permission to launch',
    () => examined(forbidden('ecs RunInstances')),
    /^problem permissions a launch would be refused in vsw-sandbox-h ecs.g7.large: Forbidden\.RAM: .*; give these credentials what `tidegate alicloud policy` prints$/,
  ],
  [
    'no permission to list',
    () => examined(forbidden('ecs DescribeInstances')),
    /^problem permissions cannot be looked at: Forbidden\.RAM: /,
  ],
  [
    'an unknown image',
    () => examined(healthy(), { image: 'm-none' }),
    /^problem permissions a launch would be refused in .* InvalidImageId\.NotFound: .*\nproblem image m-none is not to be had in cn-hangzhou; name an image/,
  ],
  [
    'a type that is nowhere in stock, and another that is',
    () => {
      const cloud = healthy()
      const none = ['h', 'i', 'j'].map((zone) => [`cn-hangzhou-${zone} ecs.g7.large`, 0] as const)
      cloud.world = withEcs(cloud.world, { stock: new Map(none) })
      return examined(cloud)
    },
    /^warning stock ecs\.g7\.large: none in cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j; name another type, or a vSwitch in a zone that has it: none now$/,
  ],
  [
    'nothing in stock',
    () => {
      const cloud = healthy()
      cloud.world = withEcs(cloud.world, { stock: new Map([['cn-hangzhou-h ecs.g7.large', 0]]) })
      return examined(cloud, { vswitches: ['vsw-sandbox-h'], 'instance-types': ['ecs.g7.large'] }, { max: 2 })
    },
    /^problem stock ecs\.g7\.large: none in cn-hangzhou-h; .*: cn-hangzhou-i, cn-hangzhou-j\nwarning vswitches all servers stand in cn-hangzhou-h; add a vSwitch of another zone/,
  ],
  [
    'a quota below max',
    () => {
      const cloud = healthy()
      cloud.world = withEcs(cloud.world, { quota: 10 })
      return examined(cloud)
    },
    /^warning quota vCPUs on demand: 10 of 10 are free, and max of api takes 20 more; raise the quota/,
  ],
  [
    'a quota of spot servers below max',
    () => {
      const cloud = healthy()
      cloud.world = withEcs(cloud.world, { quota: 10 })
      return examined(cloud, { spot: { base: 2 } })
    },
    /^warning quota vCPUs on the spot market: 10 of 10 are free, and max of api takes 16 more; raise/,
  ],
  [
    'an unknown vSwitch',
    () => examined(healthy(), { vswitches: ['vsw-sandbox-h', 'vsw-sandbox-i', 'vsw-0'] }),
    /\nproblem vswitches vsw-0 is not in cn-hangzhou; name a vSwitch of this region/,
  ],
  [
    'too few addresses',
    () => examined(healthy(), {}, { max: 900 }),
    /warning vswitches vsw-sandbox-h in cn-hangzhou-h: 252 addresses are free, and its share of max of api is 300; add a vSwitch/,
  ],
  [
    'vSwitches of two VPCs',
    () => {
      const cloud = healthy()
      const [first, ...others] = cloud.world.ecs.vSwitches
      cloud.world = withEcs(cloud.world, { vSwitches: [{ ...first!, vpc: 'vpc-other' }, ...others] })
      return examined(cloud)
    },
    /problem vswitches they are of 2 VPCs: vpc-other, vpc-sandbox; name vSwitches of one VPC/,
  ],
  [
    'a group in another VPC',
    () => {
      const cloud = healthy()
      const [group] = cloud.world.ecs.securityGroups
      cloud.world = withEcs(cloud.world, { securityGroups: [{ ...group!, vpc: 'vpc-other' }] })
      return examined(cloud)
    },
    /problem security-groups sg-sandbox is of vpc-other, and no vSwitch is; name a security group/,
  ],
  [
    'a port that is closed to a cloud balancer',
    () => {
      const ports = [{ protocol: 'tcp', port: null, why: 'traffic', from: ['100.64.0.0/10'] }] as const
      return examined(healthy(), {}, { ports })
    },
    /^problem security-groups sg-sandbox: tcp 80 \(traffic\) is closed to 100\.64\.0\.0\/10; `tidegate doctor alicloud --open-ports` opens it$/,
  ],
  [
    'a closed port',
    () => examined(new Cloud()),
    /^warning security-groups sg-sandbox: tcp 8081 \(checks of pool api\) is closed but to members of sg-sandbox; `tidegate doctor alicloud --open-ports` opens it/,
  ],
]

const lineOf = ({ level, about, says, fix }: Finding) => `${level} ${about} ${says}; ${fix}`

test.each(WRONG)('of %s it says what and how to mend it', async (_, examine, said) => {
  const { findings } = await examine()
  expect(bad(findings).map(lineOf).join('\n')).toMatch(said)
})

test('all of it is told in Chinese', async () => {
  const said = ['']
  for (const [, examine] of WRONG) {
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', SAMPLE_KEY.id)
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', SAMPLE_KEY.secret)
    const { findings } = await examine()
    // What the cloud writes itself stays as it is.
    said.push(
      ...findings.flatMap(({ says, fix = '' }) => [
        says.replace(/: (The|Specified|User|sg-sandbox and) .*/, ''),
        fix,
      ]),
    )
  }
  expect(untranslated(said)).toEqual([])
})

test('opens what is closed to the networks of the fleet, and no further', async () => {
  const cloud = new Cloud()
  const { repairs } = await examined(cloud)
  expect(repairs.map(({ says }) => says)).toEqual([
    'open tcp 8081 (checks of pool api) of sg-sandbox to 127.10.0.0/24, 127.10.1.0/24, 127.10.2.0/24',
  ])
  await cloud.until(repairs[0]!.run(never))
  expect(cloud.world.ecs.securityGroups[0]!.rules.map(({ ports, source }) => `${ports} ${source}`)).toEqual([
    '80/80 0.0.0.0/0',
    '8081/8081 127.10.0.0/24',
    '8081/8081 127.10.1.0/24',
    '8081/8081 127.10.2.0/24',
  ])
  expect((await examined(cloud)).repairs).toEqual([])
})

test('a deletion is tried on a server that runs, which stays', async () => {
  const cloud = healthy()
  const tags = { 'tidegate:installation': 'demo', 'tidegate:fleet': 'api', 'tidegate:token': 'demo.api.1' }
  cloud.ask('ecs', 'RunInstances', {
    ImageId: 'sandbox-image',
    InstanceType: 'ecs.g7.large',
    VSwitchId: 'vsw-sandbox-h',
    SecurityGroupId: 'sg-sandbox',
    Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  })
  await cloud.advance(60_000)
  const { findings } = await examined(cloud)
  expect(findings.map(({ says }) => says).join('\n')).toMatch(
    /a deletion would be allowed; tried on i-\w+, which stays/,
  )
  expect([...cloud.world.ecs.instances.values()].map(({ status }) => status)).toEqual(['Running'])
  cloud.world = { ...cloud.world, faults: forbidden('ecs DeleteInstances').world.faults }
  expect(bad((await examined(cloud)).findings)).toMatchObject([{ level: 'problem', about: 'permissions' }])
})

async function written(): Promise<string> {
  served = await serveSandbox(sampleWorld(), { port: 0, clock: new VirtualClock(Date.now()) })
  const fleet = { driver: 'alicloud-ecs', ...ECS, endpoint: served.url, min: 1, max: 3 }
  const file = join(folder, 'tidegate.yaml')
  const health = { type: 'http', path: '/', port: 8081 }
  const text = {
    listeners: { web: { bind: ':8443', pool: 'api' } },
    pools: { api: { fleet: 'api', health } },
  }
  writeFileSync(file, JSON.stringify({ ...text, fleets: { api: fleet } }))
  return file
}

test('`tidegate doctor alicloud` tells people and programs, and opens ports when it may', async () => {
  const file = await written()
  const first = await tidegate('doctor', 'alicloud', file)
  expect(first.code).toBe(0)
  expect(first.out).toMatch(/^ok +credentials +acs:ram::1000000000000001:user\/sandbox, by the environment$/m)
  expect(first.out).toMatch(/^ok +listeners +clients come to this machine at tcp 8443;/m)
  expect(first.out).toMatch(/^\+ open tcp 8081 \(checks of pool api\) of sg-sandbox to /m)
  const asked = await tidegate('doctor', 'alicloud', file, '--open-ports')
  expect(asked).toMatchObject({ code: 1, out: '' })
  expect(asked.err).toMatch(/nothing was opened; --yes opens it without a question\n$/)
  const { out } = await tidegate('doctor', 'alicloud', file, '--open-ports', '--yes', '--json')
  const { findings, plan } = JSON.parse(out)
  expect(plan).toEqual([])
  expect(bad(findings)).toEqual([])
}, 60_000)

test('a problem is exit code 1', async () => {
  const file = await written()
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'wrong')
  const { code, out } = await tidegate('doctor', 'alicloud', file, '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out).findings[0]).toMatchObject({ level: 'problem', about: 'credentials' })
}, 60_000)
