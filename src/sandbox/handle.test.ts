import { beforeEach, expect, test } from 'vitest'
import { Cloud, REGION, START } from '../../test/kit/cloud.ts'
import { rpcRequest } from '../drivers/alicloud/client/rpc.ts'
import { Secret } from '../drivers/alicloud/client/secret.ts'
import type { FaultRule } from './fault-rule.ts'
import { handle } from './handle.ts'
import { SAMPLE_KEY, sampleWorld } from './sample.ts'

const LAUNCH = {
  ImageId: 'sandbox-image',
  InstanceType: 'ecs.g7.large',
  VSwitchId: 'vsw-sandbox-h',
  SecurityGroupId: 'sg-sandbox',
}

let cloud: Cloud
beforeEach(() => {
  cloud = new Cloud()
})

function signed({
  id = SAMPLE_KEY.id,
  secret = SAMPLE_KEY.secret,
  date = START,
  nonce = 'n',
  token = '',
} = {}) {
  const securityToken = token === '' ? null : new Secret(token)
  const signer = { accessKeyId: id, accessKeySecret: new Secret(secret), securityToken }
  const query = { RegionId: REGION, InstanceName: "*~!'() +\u4e2d" }
  const operation = { product: 'ecs', action: 'DescribeInstances', query } as const
  return rpcRequest(operation, { region: REGION, endpoint: null }, signer, { date, nonce }).request
}

function codeOf(request: ReturnType<typeof signed>): string {
  return JSON.parse(cloud.send(request).body).Code ?? 'none'
}

test('accepts a right signature, whatever characters are in it, and only once', () => {
  expect(codeOf(signed())).toBe('none')
  expect(codeOf(signed())).toBe('SignatureNonceUsed')
})

test.each([
  [{ id: 'nobody' }, 'InvalidAccessKeyId.NotFound'],
  [{ secret: 'wrong' }, 'SignatureDoesNotMatch'],
  [{ token: 'none was given' }, 'InvalidSecurityToken.MismatchWithAccessKey'],
  [{ date: START - 16 * 60_000 }, 'InvalidTimeStamp.Expired'],
  [{ date: START + 16 * 60_000 }, 'InvalidTimeStamp.Expired'],
])('of %o refuses the call as %s', (how, code) => {
  expect(codeOf(signed(how))).toBe(code)
})

test('tells whose key it is, and what time it is there', () => {
  cloud.world = { ...cloud.world, skewMs: 60_000 }
  expect(cloud.ask('sts', 'GetCallerIdentity')).toMatchObject({
    IdentityType: 'RAMUser',
    AccountId: SAMPLE_KEY.account,
    Arn: 'acs:ram::1000000000000001:user/sandbox',
  })
  expect(cloud.send(signed()).headers.date).toBe(new Date(START + 60_000).toUTCString())
})

test('a call that a fault forbids lacks the permission', () => {
  const world = troubled({ kind: 'forbidden' }, { operation: 'ecs RunInstances' })
  expect(world.ask('ecs', 'RunInstances', LAUNCH).Code).toBe('Forbidden.RAM')
  expect(world.ask('ecs', 'DescribeZones').Code).toBeUndefined()
})

test.each([
  ['Account.Arrearage', 400],
  ['InvalidAccountStatus.NotEnoughBalance', 403],
])(
  'whoever cannot pay is told %s with %i when they buy, and may look and give back',
  async (code, status) => {
    const [id] = cloud.ask('ecs', 'RunInstances', LAUNCH).InstanceIdSets.InstanceIdSet
    await cloud.advance(30_000)
    const faults = [
      { id: 'f', fault: { kind: 'forbidden', code } as const, share: 1, untilAt: START + 60_000 },
    ]
    cloud.world = { ...cloud.world, faults }
    const query = { RegionId: REGION, ...LAUNCH }
    const context = { region: REGION, endpoint: null }
    const signer = {
      accessKeyId: SAMPLE_KEY.id,
      accessKeySecret: new Secret(SAMPLE_KEY.secret),
      securityToken: null,
    }
    const operation = { product: 'ecs', action: 'RunInstances', query } as const
    const { request } = rpcRequest(operation, context, signer, { date: cloud.clock.now(), nonce: 'buys' })
    expect(cloud.send(request).status).toBe(status)
    expect(cloud.ask('slb', 'CreateLoadBalancer', { LoadBalancerSpec: 'slb.s1.small' }).Code).toBe(code)
    expect(cloud.ask('ecs', 'DescribeInstances').Instances.Instance).toHaveLength(1)
    expect(cloud.ask('ecs', 'DeleteInstance', { InstanceId: id, Force: true }).Code).toBeUndefined()
  },
)

test('tells what it would have signed, which is what was signed with another secret', () => {
  const { Message } = JSON.parse(cloud.send(signed({ secret: 'wrong' })).body)
  expect(Message).toMatch(/server string to sign is:ACS3-HMAC-SHA256\n[0-9a-f]{64}$/)
})

test.each([
  ['another body', { body: 'Amount=5' }],
  ['another query', { url: 'https://ecs.cn-hangzhou.aliyuncs.com/?RegionId=cn-beijing' }],
])('refuses a request that has %s than was signed', (_, changed) => {
  expect(['SignatureDoesNotMatch', 'IncompleteSignature']).toContain(codeOf({ ...signed(), ...changed }))
})

test('a call that is not signed, not known or not whole says so', () => {
  expect(codeOf({ ...signed(), headers: {} })).toBe('IncompleteSignature')
  expect(cloud.ask('ecs', 'RunAway').Code).toBe('InvalidAction.NotFound')
  expect(cloud.ask('ecs', 'toString').Code).toBe('InvalidAction.NotFound')
  expect(cloud.ask('ecs', 'DeleteInstances')).toMatchObject({
    Code: 'MissingInstanceId',
    Message: 'InstanceId is mandatory for this action.',
  })
  expect(cloud.ask('ecs', 'RunInstances', { ...LAUNCH, Amount: 'two' }).Code).toBe('InvalidParameter.Amount')
})

test('the same world, request and time give the same answer, and leave the world as it was', () => {
  const world = sampleWorld()
  const request = { ...signed(), target: `/?${signed().url.split('?')[1]}` }
  const [one, other] = [handle(world, request, START), handle(world, request, START)]
  expect(one).toEqual(other)
  expect(world).toEqual(sampleWorld())
})

test('refuses the calls of an operation that are too many until the next minute', () => {
  const codes = Array.from({ length: 601 }, () => cloud.ask('ecs', 'DescribeZones').Code)
  expect(codes.indexOf('Throttling.User')).toBe(600)
  expect(cloud.ask('ecs', 'DescribeImages').Code).toBeUndefined()
  cloud.clock.jump(59_000)
  expect(cloud.ask('ecs', 'DescribeZones').Code).toBe('Throttling.User')
  cloud.clock.jump(1_000)
  expect(cloud.ask('ecs', 'DescribeZones').Code).toBeUndefined()
})

test('a token does a thing once, and is refused with other parameters', () => {
  const first = cloud.ask('ecs', 'RunInstances', { ...LAUNCH, ClientToken: 't' })
  const again = cloud.ask('ecs', 'RunInstances', { ...LAUNCH, ClientToken: 't' })
  expect(again.InstanceIdSets).toEqual(first.InstanceIdSets)
  expect(again.RequestId).not.toBe(first.RequestId)
  expect(cloud.ask('ecs', 'RunInstances', { ...LAUNCH, Amount: 2, ClientToken: 't' }).Code).toBe(
    'IdempotentParameterMismatch',
  )
  expect(cloud.world.ecs.instances.size).toBe(1)
})

test('a token whose call was refused is free', () => {
  expect(cloud.ask('ecs', 'RunInstances', { ...LAUNCH, ImageId: 'none', ClientToken: 't' }).Code).toBe(
    'InvalidImageId.NotFound',
  )
  expect(cloud.ask('ecs', 'RunInstances', { ...LAUNCH, ClientToken: 't' }).Code).toBeUndefined()
})

test('a dry run does nothing, and says whether it would have', () => {
  const dry = { ...LAUNCH, DryRun: true, ClientToken: 't' }
  expect(cloud.ask('ecs', 'RunInstances', dry).Code).toBe('DryRunOperation')
  expect(cloud.ask('ecs', 'RunInstances', { ...dry, ImageId: 'none' }).Code).toBe('InvalidImageId.NotFound')
  expect(cloud.world.ecs.instances.size).toBe(0)
})

function troubled(fault: FaultRule['fault'], rule: Partial<FaultRule> = {}): Cloud {
  const faults = [{ id: 'f', fault, share: 1, untilAt: START + 60_000, ...rule }]
  return new Cloud({ ...sampleWorld(), faults })
}

test('a broken page and an empty answer are given instead of doing it', () => {
  for (const kind of ['html', 'empty'] as const) {
    const world = troubled({ kind, status: 502 })
    const answer = world.send(signed())
    expect([answer.status, answer.body === '']).toEqual([502, kind === 'empty'])
    expect(world.world.nonces.size).toBe(0)
  }
})

test('an answer that is lost belongs to work that is done', () => {
  const world = troubled({ kind: 'lost-answer' }, { operation: 'ecs RunInstances' })
  world.ask('ecs', 'RunInstances', LAUNCH)
  expect(world.world.ecs.instances.size).toBe(1)
  expect(world.send(signed()).isLost).toBe(false)
})

test('a fault ends with its time, and meets its share of the calls', async () => {
  const world = troubled({ kind: 'throttled' }, { share: 0.25 })
  const codes = Array.from({ length: 400 }, () => world.ask('ecs', 'DescribeZones').Code)
  expect(Math.abs(codes.filter((code) => code === 'Throttling.User').length - 100)).toBeLessThan(30)
  await world.advance(60_000)
  expect(Array.from({ length: 50 }, () => world.ask('ecs', 'DescribeZones').Code)).not.toContain(
    'Throttling.User',
  )
})
