import { beforeEach, expect, test } from 'vitest'
import { AlbCloud, forwardTo, server } from '../../../test/kit/alb-cloud.ts'

let cloud: AlbCloud
let group: string
let ListenerId: string
beforeEach(async () => {
  cloud = new AlbCloud()
  group = await cloud.group()
  ListenerId = await cloud.listener(await cloud.balancer(), group)
})

const PATH = { Type: 'Path', PathConfig: { Values: ['/api/*', '/v1/*'] } }
const REDIRECT = { Order: 1, Type: 'Redirect', RedirectConfig: { Protocol: 'HTTPS', HttpCode: '301' } }
const rule = (over: object = {}) => ({
  Priority: 10,
  RuleName: 'api',
  RuleConditions: [PATH],
  RuleActions: [{ Order: 1, ...forwardTo(group) }],
  ...over,
})
const create = (...Rules: object[]) => cloud.alb('CreateRules', { ListenerId, Rules })
const listed = () => cloud.alb('ListRules', { ListenerIds: [ListenerId] }).Rules

test('rules come in the order of their priority, change, and go, each by a job', async () => {
  const { RuleIds, JobId } = create(
    rule({ Priority: 20, RuleActions: [REDIRECT], RuleName: 'old' }),
    rule({ Tag: [{ Key: 'owner', Value: 'me' }] }),
  )
  expect(listed()).toMatchObject([{ RuleStatus: 'Provisioning' }, { RuleStatus: 'Provisioning' }])
  await cloud.advance(2_000)
  expect(cloud.jobStatus(JobId)).toBe('Succeeded')
  const [old, api] = RuleIds.map(({ RuleId }: { RuleId: string }) => RuleId)
  expect(listed()).toMatchObject([
    {
      RuleId: api,
      Priority: 10,
      RuleStatus: 'Available',
      RuleConditions: [PATH],
      RuleActions: [{ Order: 1, ...forwardTo(group) }],
      Tags: [{ Key: 'owner', Value: 'me' }],
    },
    { RuleId: old, RuleActions: [REDIRECT] },
  ])
  cloud.alb('UpdateRulesAttribute', { Rules: [{ RuleId: old, Priority: 5 }] })
  expect(cloud.alb('DeleteRules', { RuleIds: [old] }).Code).toBe('IncorrectStatus.Rule')
  await cloud.advance(2_000)
  expect(listed()).toMatchObject([{ RuleId: old, Priority: 5, RuleName: 'old' }, { RuleId: api }])
  await cloud.done('DeleteRules', { RuleIds: [old] })
  expect(listed()).toMatchObject([{ RuleId: api }])
  await cloud.done('DeleteListener', { ListenerId })
  expect(cloud.alb('ListRules').TotalCount).toBe(0)
})

test.each([
  [{ RuleActions: [] }, 'MissingRuleActions'],
  [{ RuleActions: [{ ...REDIRECT, Order: 0 }] }, 'InvalidParameter.Order'],
  [{ RuleActions: [REDIRECT, REDIRECT] }, 'InvalidParameter.Order'],
  [{ RuleActions: [REDIRECT, { ...REDIRECT, Order: 2 }] }, 'InvalidParameter.RuleActions'],
  [{ RuleActions: [{ ...REDIRECT, Type: 'Dance' }] }, 'InvalidParameter.RuleActions'],
  [{ RuleActions: [{ Order: 1, Type: 'FixedResponse' }] }, 'MissingFixedResponseConfig'],
  [
    { RuleActions: [REDIRECT, { Order: 2, Type: 'InsertHeader', InsertHeaderConfig: { Key: 'a' } }] },
    'InvalidParameter.Order',
  ],
  [{ RuleActions: [{ Order: 1, ...forwardTo('sgp-none') }] }, 'ResourceNotFound.ServerGroup'],
  [{ RuleConditions: [{ Type: 'Path' }] }, 'MissingPathConfig'],
  [
    { RuleConditions: [{ Type: 'ResponseHeader', ResponseHeaderConfig: { Key: 'a' } }] },
    'InvalidParameter.RuleConditions',
  ],
  [{ RuleConditions: Array(11).fill(PATH) }, 'ResourceQuotaExceeded.RuleConditionsNum'],
  [{ Priority: 10_001 }, 'InvalidParameter.Priority'],
])('a rule with %o is refused with %s', (over, code) => {
  expect(create(rule(over)).Code).toBe(code)
})

test('two rules of a listener have different priorities', async () => {
  expect(create(rule(), rule()).Code).toBe('Conflict.Priority')
  const { RuleIds } = create(rule(), rule({ Priority: 11 }))
  await cloud.advance(2_000)
  expect(create(rule()).Code).toBe('Conflict.Priority')
  const swapped = RuleIds.map(({ RuleId, Priority }: { RuleId: string; Priority: number }) => ({
    RuleId,
    Priority: 21 - Priority,
  }))
  await cloud.done('UpdateRulesAttribute', { Rules: swapped })
  expect(listed().map(({ RuleId }: { RuleId: string }) => RuleId)).toEqual([
    RuleIds[1].RuleId,
    RuleIds[0].RuleId,
  ])
})

test('a group that a rule sends to is in use, and its health is told with the rule', async () => {
  const other = await cloud.group({ ServerGroupName: 'other' })
  const { RuleIds } = await cloud.done('CreateRules', {
    ListenerId,
    Rules: [rule({ RuleActions: [{ Order: 1, ...forwardTo(group, other) }] })],
  })
  expect(cloud.alb('DeleteServerGroup', { ServerGroupId: other }).Code).toBe('ResourceInUse.ServerGroup')
  const [id] = (await cloud.instances(1)) as [string]
  await cloud.done('AddServersToServerGroup', { ServerGroupId: other, Servers: [server(id, { Weight: 0 })] })
  const health = cloud.alb('GetListenerHealthStatus', { ListenerId, IncludeRule: true })
  expect(health.RuleHealthStatus).toMatchObject([
    {
      RuleId: RuleIds[0].RuleId,
      ServerGroupInfos: [
        { ServerGroupId: group, NonNormalServers: [] },
        { ServerGroupId: other, NonNormalServers: [{ ServerId: id, Status: 'Unused' }] },
      ],
    },
  ])
})

test('rules for answers have no end, and a Basic load balancer has none', async () => {
  const answer = rule({
    Direction: 'Response',
    RuleConditions: [{ Type: 'ResponseStatusCode', ResponseStatusCodeConfig: { Values: ['500'] } }],
    RuleActions: [{ Order: 1, Type: 'InsertHeader', InsertHeaderConfig: { Key: 'x-a', Value: 'b' } }],
  })
  expect(create(answer, rule()).Code).toBeUndefined()
  await cloud.advance(2_000)
  expect(cloud.alb('ListRules', { Direction: 'Response' }).TotalCount).toBe(1)
  const basic = await cloud.balancer({ LoadBalancerEdition: 'Basic' })
  ListenerId = await cloud.listener(basic, group)
  expect(create(answer).Code).toBe('OperationDenied.BasicEditionNotSupportResponseRule')
})
