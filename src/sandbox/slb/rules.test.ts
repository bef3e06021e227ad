import { beforeEach, expect, test } from 'vitest'
import { Clb } from '../../../test/kit/clb.ts'

let clb: Clb
let VServerGroupId: string
beforeEach(async () => {
  clb = new Clb()
  await clb.start()
  VServerGroupId = await clb.group(1)
  const port = { BackendServerPort: 80, HealthCheck: 'on', StickySession: 'off' }
  await clb.done('CreateLoadBalancerHTTPListener', { ListenerPort: 80, ...port })
  await clb.done('CreateLoadBalancerTCPListener', { ListenerPort: 81, ...port })
})

const list = (...rules: object[]) => ({
  ListenerPort: 80,
  RuleList: JSON.stringify(rules.map((rule) => ({ RuleName: 'api', VServerGroupId, ...rule }))),
})
const rules = () => clb.ask('DescribeRules', { ListenerPort: 80 }).Rules.Rule

test('rules come, are changed, and go', async () => {
  const { Rules } = await clb.done(
    'CreateRules',
    list({ Url: '/api' }, { RuleName: 'www', Domain: 'a.test' }),
  )
  const [api, www] = Rules.Rule.map(({ RuleId }: { RuleId: string }) => RuleId)
  expect(rules()).toMatchObject([
    { RuleId: api, RuleName: 'api', Domain: '', Url: '/api', VServerGroupId, ListenerSync: 'on' },
    { RuleId: www, RuleName: 'www', Domain: 'a.test', Url: '' },
  ])
  expect(clb.ask('DeleteVServerGroup', { VServerGroupId }).Code).toBe('RspoolRuleExist')
  const other = await clb.group(2)
  await clb.done('SetRule', { RuleId: api, RuleName: 'v2', VServerGroupId: other })
  await clb.done('DeleteRules', { RuleIds: JSON.stringify([www]) })
  expect(rules()).toMatchObject([{ RuleId: api, RuleName: 'v2', VServerGroupId: other }])
  expect(clb.ask('DeleteRules', { RuleIds: JSON.stringify([api, www]) }).Code).toBe('InvalidRuleId.NotFound')
  expect(rules()).toHaveLength(1)
})

test.each([
  [[{}], 'RuleListMalformed'],
  [[{ Url: '/a', RuleName: 'not this' }], 'RuleListMalformed'],
  [[{ Url: 'a' }], 'UrlMalformed'],
  [[{ Domain: 'not this' }], 'DomainMalformed'],
  [[{ Url: '/a', VServerGroupId: 'rsp-none' }], 'InvalidParameter'],
  [[{ Url: '/a' }, { Url: '/a', RuleName: 'b' }], 'DomainExist'],
  [[{ Url: '/a' }, { Url: '/b' }], 'RuleListMalformed'],
  [Array.from({ length: 11 }, (_, nth) => ({ Url: `/${nth}`, RuleName: `r${nth}` })), 'RuleListMalformed'],
])('refuses %o as %s', (items, code) => {
  expect(clb.ask('CreateRules', list(...items)).Code).toBe(code)
})

test('rules are for HTTP', () => {
  expect(clb.ask('CreateRules', { ...list({ Url: '/a' }), ListenerPort: 81 }).Code).toBe('RuleNotSupport')
})

test('there is a limit to the rules of a listener', async () => {
  for (let nth = 0; nth < 40; nth++)
    await clb.done('CreateRules', list({ Url: `/${nth}`, RuleName: `r${nth}` }))
  expect(clb.ask('CreateRules', list({ Url: '/40', RuleName: 'r40' })).Code).toBe('TooManyRules')
})
