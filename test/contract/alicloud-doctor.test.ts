import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import { Unsent } from '../../src/drivers/alicloud/client/transport.ts'
import { parseEcs } from '../../src/drivers/alicloud/ecs/config.ts'
import { ecsPermissions } from '../../src/drivers/alicloud/ecs/permissions.ts'
import { withEcs } from '../../src/sandbox/ecs/instances.ts'
import type { FaultRule } from '../../src/sandbox/fault-rule.ts'
import { SAMPLE_KEY } from '../../src/sandbox/sample.ts'
import { untranslated } from '../kit/chinese.ts'
import { Cloud, START } from '../kit/cloud.ts'
import { bad, ECS, examined, examining, healthy, lineOf } from '../kit/doctor.ts'

const HOUR = 3_600_000

beforeEach(() => {
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', SAMPLE_KEY.id)
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', SAMPLE_KEY.secret)
})
afterEach(() => vi.unstubAllEnvs())

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

function unreached(): Cloud {
  const cloud = healthy()
  cloud.send = () => {
    throw new Unsent('getaddrinfo ENOTFOUND')
  }
  return cloud
}

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

test('what is reserved for the fleet is told, with what is paid for nothing, and is allowed to be read', async () => {
  const cloud = healthy()
  const { account } = SAMPLE_KEY
  const pool = { account, type: 'ecs.g7.large', zone: 'cn-hangzhou-h', matching: 'Open' } as const
  // More than one page has.
  const elsewhere = Array.from({ length: 100 }, (_, nth) => `eap-b${nth}`)
  const privatePools = [
    { ...pool, id: 'crp-1', total: 5 },
    ...elsewhere.map((id) => ({ ...pool, id, zone: 'cn-hangzhou-b', total: 1 })),
    { ...pool, id: 'eap-1', total: 2 },
    { ...pool, id: 'eap-2', matching: 'Target', total: 4 } as const,
  ]
  cloud.world = withEcs(cloud.world, { privatePools })
  const launch = { ImageId: 'sandbox-image', InstanceType: 'ecs.g7.large', SecurityGroupId: 'sg-sandbox' }
  const PrivatePoolOptions = { MatchCriteria: 'Target', Id: 'crp-1' }
  cloud.ask('ecs', 'RunInstances', { ...launch, VSwitchId: 'vsw-sandbox-h', Amount: 3, PrivatePoolOptions })
  const open = { 'private-pool': 'open' }
  const { findings } = await examined(cloud, open)
  const of = (found: readonly Finding[]) => found.filter(({ about }) => about === 'private-pool').map(lineOf)
  const told = findings.filter(({ about }) => about === 'private-pool').map(({ says }) => says)
  expect(told).toEqual([
    'eap-1: 0 of 2 ecs.g7.large in cn-hangzhou-h are used; paid for without being used: 2',
    'crp-1: 3 of 5 ecs.g7.large in cn-hangzhou-h are used; paid for without being used: 2, 1.36 an hour',
  ])
  const parsed = parseEcs({ ...ECS, ...open })
  const allowed = parsed.ok ? ecsPermissions(parsed.config).map(({ action }) => action.split(':')[1]!) : []
  expect(
    cloud.calls.filter((action) => action.startsWith('DescribeCapacity') && !allowed.includes(action)),
  ).toEqual([])
  expect(of((await examined(cloud, { 'private-pool': 'eap-2' })).findings)).toEqual([
    expect.stringContaining('eap-2: 0 of 4 ecs.g7.large in cn-hangzhou-h are used'),
  ])
  cloud.world = withEcs(cloud.world, {
    privatePools: [{ ...privatePools[0]!, total: 3, zone: 'cn-hangzhou-b' }],
  })
  expect(of((await examined(cloud, { 'private-pool': 'crp-1' })).findings)[0]).toMatch(
    /^problem private-pool crp-1 keeps ecs\.g7\.large in cn-hangzhou-b, which the fleet does not ask for; name a private pool/,
  )
  expect(of((await examined(cloud, { 'private-pool': 'eap-9' })).findings)[0]).toMatch(
    /^problem private-pool there is no private pool eap-9 in effect in cn-hangzhou; /,
  )
  expect(of((await examined(cloud, open)).findings)[0]).toMatch(
    /^warning private-pool the account has no open private pool/,
  )
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
    'a clock that is too late for a release time',
    () => {
      const cloud = healthy()
      cloud.world = { ...cloud.world, skewMs: HOUR }
      return examined(cloud)
    },
    /problem permissions a launch would be refused in .* InvalidAutoReleaseTime\.Malformed: .*; the clock of this machine is 1h behind the cloud's; set it by NTP$/m,
  ],
  [
    'no permission to launch',
    () => examined(forbidden('ecs RunInstances')),
    /^problem permissions a launch would be refused in vsw-sandbox-h ecs.g7.large: Forbidden\.RAM: .* \(request SANDBOX-\w+\); these credentials need ecs:RunInstances: see `tidegate alicloud policy`$/,
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
    /^warning stock ecs\.g7\.large: none in cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j; name another type: no zone of the region has this one now$/,
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
    'no vSwitch at all',
    () => examined(healthy(), { vswitches: ['vsw-0'] }),
    /^problem permissions a launch would be refused in .*; vswitches of the file has to be put right\nproblem vswitches vsw-0 is not in cn-hangzhou; [^\n]*$/,
  ],
  [
    'a cloud that nobody reaches',
    () => examined(unreached()),
    /^problem network the cloud does not answer: Unreached: \S+ cannot be reached: getaddrinfo ENOTFOUND; see whether this machine reaches it: [^\n]*$/,
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
    /problem vswitches they are of 2 VPCs: vpc-other \(vsw-sandbox-h\), vpc-sandbox \(vsw-sandbox-i, vsw-sandbox-j\); name vSwitches of one VPC/,
  ],
  [
    'a group in another VPC',
    () => {
      const cloud = healthy()
      const [group] = cloud.world.ecs.securityGroups
      cloud.world = withEcs(cloud.world, { securityGroups: [{ ...group!, vpc: 'vpc-other' }] })
      return examined(cloud)
    },
    /problem security-groups sg-sandbox is of vpc-other, and the vSwitches are of vpc-sandbox \(vsw-sandbox-h, vsw-sandbox-i, vsw-sandbox-j\); name a security group of the VPC of the vSwitches, or vSwitches of vpc-other/,
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
    'a port that is closed to a balancer of the same VPC',
    () => {
      const ports = [{ protocol: 'tcp', port: 8082, why: 'traffic', from: [] }] as const
      return examined(healthy(), {}, { ports })
    },
    /^problem security-groups sg-sandbox: tcp 8082 \(traffic\) is closed; `tidegate doctor alicloud --open-ports` opens it$/,
  ],
  [
    'a closed port',
    () => examined(new Cloud()),
    /^warning security-groups sg-sandbox: tcp 8081 \(checks of pool api\) is closed but to members of sg-sandbox; `tidegate doctor alicloud --open-ports` opens it/,
  ],
]

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

test('of a port that is closed where there is no vSwitch, nobody knows to whom it is to be opened', async () => {
  const { repairs } = await examined(new Cloud(), { vswitches: ['vsw-0'] })
  expect(repairs).toEqual([])
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
