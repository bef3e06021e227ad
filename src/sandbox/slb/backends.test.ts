import { beforeEach, expect, test } from 'vitest'
import { Clb } from '../../../test/kit/clb.ts'

let clb: Clb
let running: readonly string[]
beforeEach(async () => {
  clb = new Clb()
  await clb.start()
  running = clb.servers
})

const ask = (action: string, query: object = {}) => clb.ask(action, query)
const settle = () => clb.settle()
const servers = (...items: unknown[]) => ({ BackendServers: JSON.stringify(items) })
const backends = () => ask('DescribeLoadBalancerAttribute').BackendServers.BackendServer as unknown[]

function group(...items: unknown[]): string {
  return ask('CreateVServerGroup', { ...servers(...items), VServerGroupName: 'web' }).VServerGroupId
}
const of = (VServerGroupId: string, ...items: unknown[]) => ({
  VServerGroupId,
  BackendServers: JSON.stringify(items),
})
const members = (VServerGroupId: string) =>
  ask('DescribeVServerGroupAttribute', { VServerGroupId }).BackendServers.BackendServer as unknown[]

test('servers come, get other weights, and go', async () => {
  const [a, b, c] = running
  const added = ask(
    'AddBackendServers',
    servers({ ServerId: a, Weight: '50', Description: 'mine' }, { ServerId: b, Weight: 0 }, { ServerId: a }),
  )
  expect(added.BackendServers.BackendServer).toEqual([
    { ServerId: a, Type: 'ecs', Weight: 50, Description: 'mine' },
    { ServerId: b, Type: 'ecs', Weight: 0 },
  ])
  await settle()
  ask('SetBackendServers', servers({ ServerId: a, Weight: '7' }))
  await settle()
  ask('RemoveBackendServers', servers({ ServerId: b }, { ServerId: c }))
  expect(backends()).toEqual([{ ServerId: a, Type: 'ecs', Weight: 7, Description: 'mine' }])
  await settle()
  ask('RemoveBackendServers', { BackendServers: JSON.stringify([a]) })
  expect(backends()).toEqual([])
})

test.each([
  ['not JSON', 'BackendServersMalformed'],
  ['{}', 'BackendServersMalformed'],
  ['[{}]', 'BackendServersMalformed'],
  ['[null]', 'BackendServersMalformed'],
  ['[{"ServerId":"i-none"}]', 'ObtainIpFail'],
  ['[{"ServerId":"i-none","Weight":101}]', 'InvalidWeight.Malformed'],
  ['[{"ServerId":"i-none","Weight":""}]', 'InvalidWeight.Malformed'],
  ['[{"ServerId":"i-none","Type":"eci"}]', 'BackendServer.InvalidType'],
  ['[{"ServerId":"eni-1","Type":"eni"}]', 'InvalidParameter'],
  [JSON.stringify(Array.from({ length: 21 }, () => ({ ServerId: 'i-none' }))), 'TooManyBackendServers'],
])('refuses to add %s as %s', (BackendServers, code) => {
  expect(ask('AddBackendServers', { BackendServers }).Code).toBe(code)
})

test('only running servers may be added, and each once', async () => {
  const [a] = running
  const [starting] = clb.launch(1)
  expect(ask('AddBackendServers', servers({ ServerId: starting })).Code).toBe('ObtainIpFail')
  ask('AddBackendServers', servers({ ServerId: a }))
  await settle()
  expect(ask('AddBackendServers', servers({ ServerId: a })).Code).toBe('InvalidParameter')
  expect(ask('SetBackendServers', servers({ ServerId: 'i-none', Weight: 1 })).Code).toBe(
    'InvalidServerId.NotFound',
  )
})

test('servers of another network are refused by a balancer of one', () => {
  const { world } = clb.cloud
  const vSwitches = [
    ...world.ecs.vSwitches,
    { id: 'vsw-far', vpc: 'vpc-far', zone: 'cn-hangzhou-h', prefix: '127.10.9' },
  ]
  clb.cloud.world = { ...world, ecs: { ...world.ecs, vSwitches } }
  clb.id = clb.create({ VSwitchId: 'vsw-far' })
  expect(ask('AddBackendServers', servers({ ServerId: running[0] })).Code).toBe('NetworkConflict')
})

test('interfaces may be added where the performance is guaranteed', () => {
  const eni = { ServerId: 'eni-1', Type: 'eni', ServerIp: '10.0.0.1' }
  ask('AddBackendServers', servers(eni))
  expect(backends()).toEqual([{ ...eni, Weight: 100 }])
  clb.id = clb.create()
  expect(ask('AddBackendServers', servers(eni)).Code).toBe('UnsupportedOperation')
})

test('while one change is pending the next is refused, in whatever group', async () => {
  const [id, other] = [group(), group()]
  const member = { ServerId: running[0], Port: 80 }
  ask('AddVServerGroupBackendServers', of(id, member))
  expect(ask('AddVServerGroupBackendServers', of(id, { ...member, Port: 81 })).Code).toBe(
    'VServerGroupProcessing',
  )
  expect(ask('AddBackendServers', servers({ ServerId: running[0] })).Code).toBe('BackendServer.configuring')
  expect(ask('AddVServerGroupBackendServers', of(other, member)).Code).toBe('BackendServer.configuring')
  await settle()
  expect(ask('AddVServerGroupBackendServers', of(id, { ...member, Port: 81 })).Code).toBeUndefined()
})

test('in a virtual group a server is known by its port too', async () => {
  const [a, b] = running
  const id = group({ ServerId: a, Port: 80, Weight: 5 }, { ServerId: a, Port: '81' })
  ask('SetVServerGroupAttribute', {
    ...of(id, { ServerId: a, Port: 81, Weight: 9 }),
    VServerGroupName: 'api',
  })
  await settle()
  ask('ModifyVServerGroupBackendServers', {
    VServerGroupId: id,
    OldBackendServers: JSON.stringify([{ ServerId: a, Port: 80 }]),
    NewBackendServers: JSON.stringify([{ ServerId: b, Port: 80 }]),
  })
  expect(members(id)).toEqual([
    { ServerId: a, Type: 'ecs', Port: 81, Weight: 9 },
    { ServerId: b, Type: 'ecs', Port: 80, Weight: 100 },
  ])
  await settle()
  ask('RemoveVServerGroupBackendServers', of(id, { ServerId: a, Port: 81 }, { ServerId: b, Port: 81 }))
  expect(members(id)).toHaveLength(1)
  expect(ask('DescribeVServerGroups').VServerGroups.VServerGroup).toMatchObject([
    { VServerGroupId: id, VServerGroupName: 'api', ServerCount: 1 },
  ])
  await settle()
  ask('DeleteVServerGroup', { VServerGroupId: id })
  expect(ask('DescribeVServerGroupAttribute', { VServerGroupId: id }).Message).toBe(
    'The specified VServerGroupId does not exist.',
  )
})

test('a member of a virtual group needs a port', () => {
  const query = servers({ ServerId: running[0] })
  expect(ask('CreateVServerGroup', query).Message).toContain('should be in [1, 65535]')
})

test('there is a limit to the servers of a balancer', async () => {
  const port = (nth: number) => ({ ServerId: running[0], Port: nth + 1 })
  const id = group()
  for (let nth = 0; nth < 200; nth += 20) {
    ask('AddVServerGroupBackendServers', of(id, ...Array.from({ length: 20 }, (_, more) => port(nth + more))))
    await settle()
  }
  expect(members(id)).toHaveLength(200)
  expect(ask('AddBackendServers', servers({ ServerId: running[1] })).Code).toBe(
    'InstanceBackendServerNumberOverLimit',
  )
})

test('a server that is deleted is in no group any more', async () => {
  const [a, b] = running
  const id = group({ ServerId: a, Port: 80 }, { ServerId: b, Port: 80 })
  ask('AddBackendServers', servers({ ServerId: a }))
  const remove = () => clb.cloud.ask('ecs', 'DeleteInstances', { InstanceId: [a!], Force: true })
  expect(remove().Code).toBe('DependencyViolation.SLBConfiguring')
  await settle()
  expect(remove().Code).toBeUndefined()
  expect([backends().length, members(id)]).toEqual([0, [{ ServerId: b, Type: 'ecs', Port: 80, Weight: 100 }]])
})

test('balancers and groups bear tags', () => {
  const id = group()
  const about = { ResourceType: 'vservergroup', ResourceId: [id] }
  ask('TagResources', {
    ...about,
    Tag: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  ask('UntagResources', { ...about, TagKey: ['a'] })
  ask('TagResources', {
    ResourceType: 'instance',
    ResourceId: [clb.id],
    Tag: [{ Key: 'c', Value: '3' }],
  })
  const list = (query: object) => ask('ListTagResources', query).TagResources.TagResource
  expect(list(about)).toEqual([{ ResourceId: id, ResourceType: 'vservergroup', TagKey: 'b', TagValue: '2' }])
  expect(list({ ResourceType: 'instance' })).toMatchObject([{ ResourceId: clb.id, TagKey: 'c' }])
  expect(ask('TagResources', { ...about, ResourceType: 'acl', Tag: [{ Key: 'a', Value: '' }] }).Code).toBe(
    'InvalidParameter.ResourceType',
  )
})
