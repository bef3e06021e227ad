import { beforeEach, expect, test } from 'vitest'
import { AlbCloud, BALANCER, GROUP, server } from '../../../test/kit/alb-cloud.ts'
import { START } from '../../../test/kit/cloud.ts'
import { bill } from '../bill.ts'
import type { FaultRule } from '../fault-rule.ts'
import { sampleWorld } from '../sample.ts'

const HOUR = 3_600_000

let cloud: AlbCloud
beforeEach(() => {
  cloud = new AlbCloud()
})

const ask = (action: string, query: object = {}) => cloud.alb(action, query)

function troubled(fault: FaultRule['fault'], operation: string): void {
  const rule = { id: 'f', fault, share: 1, untilAt: START + HOUR, operation }
  cloud = new AlbCloud({ ...sampleWorld(), faults: [rule] })
}

test('a load balancer is there after a while, costs by the hour, and is gone after a job', async () => {
  const id = await cloud.balancer({ Tag: [{ Key: 'owner', Value: 'me' }], ClientToken: 'once' })
  expect(ask('CreateLoadBalancer', { ...BALANCER, ClientToken: 'once' }).Code).toBe(
    'IdempotentParameterMismatch',
  )
  expect(ask('ListLoadBalancers', { Tag: [{ Key: 'owner', Value: 'you' }] }).TotalCount).toBe(0)
  const [listed] = ask('ListLoadBalancers', { LoadBalancerIds: [id] }).LoadBalancers
  expect(listed).toMatchObject({ LoadBalancerStatus: 'Active', Tags: [{ Key: 'owner', Value: 'me' }] })
  const { ZoneMappings } = ask('GetLoadBalancerAttribute', { LoadBalancerId: id })
  expect(ZoneMappings.map((zone: { ZoneId: string }) => zone.ZoneId)).toEqual([
    'cn-hangzhou-h',
    'cn-hangzhou-i',
  ])
  await cloud.advance(HOUR - 30_000)
  expect(bill(cloud.world, 'owner', cloud.clock.now())).toEqual({ me: 0.147 })
  const { JobId } = ask('DeleteLoadBalancer', { LoadBalancerId: id })
  expect(cloud.jobStatus(JobId)).toBe('Processing')
  await cloud.advance(2_000)
  expect(cloud.jobStatus(JobId)).toBe('Succeeded')
  expect(ask('GetLoadBalancerAttribute', { LoadBalancerId: id }).Code).toBe('ResourceNotFound.LoadBalancer')
  await cloud.advance(HOUR)
  expect(bill(cloud.world, 'owner', cloud.clock.now()).me).toBeCloseTo(2 * 0.147, 9)
})

test('instances and load balancers of a network have different addresses', async () => {
  const LoadBalancerId = await cloud.balancer()
  for (let nth = 0; nth < 2; nth++) await cloud.instances(100)
  await cloud.instances(51)
  const { ZoneMappings } = ask('GetLoadBalancerAttribute', { LoadBalancerId })
  expect(ZoneMappings[0].LoadBalancerAddresses).toMatchObject([{ Address: '127.10.0.252' }])
  const ips = [...cloud.world.ecs.instances.values()].map(({ ip }) => ip)
  expect(ips).not.toContain('127.10.0.252')
  await expect(cloud.instances(1)).rejects.toThrow()
})

test('a protected load balancer stays until its protection is off', async () => {
  const LoadBalancerId = await cloud.balancer({ DeletionProtectionEnabled: true })
  expect(ask('DeleteLoadBalancer', { LoadBalancerId }).Code).toBe('OperationDenied.DeletionProtectionEnabled')
  ask('DisableDeletionProtection', { ResourceId: LoadBalancerId })
  expect(ask('DeleteLoadBalancer', { LoadBalancerId }).JobId).toBeDefined()
})

test.each([
  [{ LoadBalancerEdition: 'Gold' }, 'InvalidParameter.LoadBalancerEdition'],
  [{ ZoneMappings: BALANCER.ZoneMappings.slice(0, 1) }, 'InvalidParameter.ZoneMappings'],
  [
    { ZoneMappings: [...BALANCER.ZoneMappings, { ZoneId: 'cn-hangzhou-j', VSwitchId: 'none' }] },
    'ResourceNotFound.VSwitch',
  ],
  [
    { ZoneMappings: [...BALANCER.ZoneMappings, { ZoneId: 'cn-hangzhou-j', VSwitchId: 'vsw-sandbox-h' }] },
    'Mismatch.ZoneIdAndVSwitchId',
  ],
  [{ VpcId: 'vpc-other' }, 'Mismatch.VpcId'],
  [{ LoadBalancerBillingConfig: { PayType: 'PrePay' } }, 'InvalidParameter.PayType'],
  [{ DryRun: true }, 'DryRunOperation'],
])('a load balancer with %o is refused with %s', (over, code) => {
  expect(ask('CreateLoadBalancer', { ...BALANCER, ...over }).Code).toBe(code)
  expect(ask('ListLoadBalancers').TotalCount).toBe(0)
})

test('a load balancer whose creation failed costs nothing and can be deleted', async () => {
  troubled({ kind: 'job-fails' }, 'alb CreateLoadBalancer')
  const LoadBalancerId = await cloud.balancer()
  expect(ask('GetLoadBalancerAttribute', { LoadBalancerId }).LoadBalancerStatus).toBe('CreateFailed')
  expect(ask('ListAsynJobs', { ResourceIds: [LoadBalancerId] }).Jobs).toMatchObject([
    { ApiName: 'CreateLoadBalancer', Status: 'Failed', ErrorCode: 'InternalError' },
  ])
  expect(bill(cloud.world, '', cloud.clock.now())).toEqual({ '': 0 })
  ask('DeleteLoadBalancer', { LoadBalancerId })
  await cloud.advance(2_000)
  expect(ask('ListLoadBalancers').TotalCount).toBe(0)
})

test('a group has what is documented as usual, and changes one setting at a time', async () => {
  const ServerGroupId = await cloud.group()
  const settings = () => ask('ListServerGroups', { ServerGroupIds: [ServerGroupId] }).ServerGroups[0]
  expect(settings()).toMatchObject({
    ServerGroupStatus: 'Available',
    Scheduler: 'Wrr',
    HealthCheckConfig: { HealthCheckInterval: 2, HealthCheckCodes: ['http_2xx'], UnhealthyThreshold: 3 },
    ConnectionDrainConfig: { ConnectionDrainEnabled: false, ConnectionDrainTimeout: 300 },
  })
  const change = { ServerGroupId, HealthCheckConfig: { HealthCheckInterval: 10 }, Scheduler: 'Wlc' }
  ask('UpdateServerGroupAttribute', change)
  expect(settings()).toMatchObject({ ServerGroupStatus: 'Configuring', Scheduler: 'Wrr' })
  expect(ask('UpdateServerGroupAttribute', change).Code).toBe('IncorrectStatus.ServerGroup')
  expect(ask('DeleteServerGroup', { ServerGroupId }).Code).toBe('IncorrectStatus.ServerGroup')
  await cloud.advance(2_000)
  expect(settings()).toMatchObject({
    Scheduler: 'Wlc',
    HealthCheckConfig: { HealthCheckInterval: 10, HealthCheckTimeout: 5 },
  })
  ask('DeleteServerGroup', { ServerGroupId })
  await cloud.advance(2_000)
  expect(ask('ListServerGroups').TotalCount).toBe(0)
})

test.each([
  [{ ServerGroupName: '1' }, 'InvalidParameter.ServerGroupName'],
  [{ VpcId: 'vpc-none' }, 'ResourceNotFound.Vpc'],
  [{ HealthCheckConfig: { HealthCheckInterval: 2 } }, 'MissingHealthCheckEnabled'],
  [
    { HealthCheckConfig: { HealthCheckEnabled: true, HealthCheckInterval: 51 } },
    'InvalidParameter.HealthCheckInterval',
  ],
  [
    { Scheduler: 'Wlc', SlowStartConfig: { SlowStartEnabled: true } },
    'Mismatch.ServerGroupSchedulerAndSlowStartEnable',
  ],
])('a group with %o is refused with %s', (over, code) => {
  expect(ask('CreateServerGroup', { ...GROUP, ...over }).Code).toBe(code)
})

test('servers join, get other weights, and leave, each by a job', async () => {
  const ServerGroupId = await cloud.group()
  const [a, b] = (await cloud.instances(2)) as [string, string]
  const { JobId } = ask('AddServersToServerGroup', {
    ServerGroupId,
    Servers: [server(a, { Weight: 1, Description: 'mine' }), server(b)],
  })
  expect(cloud.servers(ServerGroupId)).toMatchObject([{ Status: 'Adding' }, { Status: 'Adding' }])
  expect(cloud.jobStatus(JobId)).toBe('Processing')
  await cloud.advance(2_000)
  expect(cloud.servers(ServerGroupId)).toMatchObject([
    { ServerId: a, Port: 80, Weight: 1, Description: 'mine', ServerIp: '127.10.0.1', Status: 'Available' },
    { ServerId: b, Weight: 100, Description: '' },
  ])
  ask('UpdateServerGroupServersAttribute', { ServerGroupId, Servers: [server(a, { Weight: 0 })] })
  expect(cloud.servers(ServerGroupId)[0]).toMatchObject({ Status: 'Configuring', Weight: 1 })
  await cloud.advance(2_000)
  expect(cloud.servers(ServerGroupId)[0]).toMatchObject({
    Status: 'Available',
    Weight: 0,
    Description: 'mine',
  })
  ask('RemoveServersFromServerGroup', { ServerGroupId, Servers: [server(a)] })
  expect(cloud.servers(ServerGroupId)[0]).toMatchObject({ Status: 'Removing' })
  await cloud.advance(2_000)
  expect(cloud.servers(ServerGroupId)).toMatchObject([{ ServerId: b }])
})

test('one server takes the place of another in one job', async () => {
  const ServerGroupId = await cloud.group()
  const [a, b] = (await cloud.instances(2)) as [string, string]
  ask('AddServersToServerGroup', { ServerGroupId, Servers: [server(a)] })
  await cloud.advance(2_000)
  ask('ReplaceServersInServerGroup', {
    ServerGroupId,
    RemovedServers: [server(a)],
    AddedServers: [server(b)],
  })
  await cloud.advance(2_000)
  expect(cloud.servers(ServerGroupId)).toMatchObject([{ ServerId: b, Status: 'Available' }])
})

test('a server that drains is in the group until its time is up, while others change', async () => {
  const ServerGroupId = await cloud.group({
    ConnectionDrainConfig: { ConnectionDrainEnabled: true, ConnectionDrainTimeout: 60 },
  })
  const [a, b] = (await cloud.instances(2)) as [string, string]
  ask('AddServersToServerGroup', { ServerGroupId, Servers: [server(a)] })
  await cloud.advance(2_000)
  const { JobId } = ask('RemoveServersFromServerGroup', { ServerGroupId, Servers: [server(a)] })
  await cloud.advance(2_000)
  expect(cloud.jobStatus(JobId)).toBe('Succeeded')
  expect(ask('AddServersToServerGroup', { ServerGroupId, Servers: [server(a)] }).Code).toBe(
    'ResourceInConfiguring.BackendServer',
  )
  ask('AddServersToServerGroup', { ServerGroupId, Servers: [server(b)] })
  await cloud.advance(57_000)
  expect(cloud.servers(ServerGroupId)).toMatchObject([{ ServerId: a, Status: 'Removing' }, { ServerId: b }])
  await cloud.advance(3_000)
  expect(cloud.servers(ServerGroupId)).toMatchObject([{ ServerId: b }])
})

test('a job that fails leaves everything as it was', async () => {
  troubled({ kind: 'job-fails' }, 'alb RemoveServersFromServerGroup')
  const ServerGroupId = await cloud.group()
  const [a] = (await cloud.instances(1)) as [string]
  ask('AddServersToServerGroup', { ServerGroupId, Servers: [server(a)] })
  await cloud.advance(2_000)
  const { JobId } = ask('RemoveServersFromServerGroup', { ServerGroupId, Servers: [server(a)] })
  await cloud.advance(2_000)
  expect(cloud.jobStatus(JobId)).toBe('Failed')
  expect(cloud.servers(ServerGroupId)).toMatchObject([{ ServerId: a, Status: 'Available' }])
})

test('an instance that is deleted leaves its groups, in the middle of a job too', async () => {
  const ServerGroupId = await cloud.group()
  const [a, b] = (await cloud.instances(2)) as [string, string]
  ask('AddServersToServerGroup', { ServerGroupId, Servers: [server(a), server(b)] })
  cloud.ask('ecs', 'DeleteInstances', { InstanceId: [a], Force: true })
  await cloud.advance(2_000)
  expect(cloud.servers(ServerGroupId)).toMatchObject([{ ServerId: b, Status: 'Available' }])
})

test('a server that cannot be in a group is refused, with all that come with it', async () => {
  const ServerGroupId = await cloud.group()
  const [a] = (await cloud.instances(1)) as [string]
  const add = (...Servers: object[]) => ask('AddServersToServerGroup', { ServerGroupId, Servers }).Code
  expect(add(server('i-none'))).toBe('ResourceNotFound.Ecs')
  expect(add(server(a), server(a))).toBe('DuplicatedParam.BackendServer')
  expect(add(server('10.0.0.1', { ServerType: 'Ip' }))).toBe('Mismatch.ServerType')
  expect(add(server(a, { Weight: 101 }))).toBe('InvalidParameter.Weight')
  expect(add(server(a, { Port: 0 }))).toBe('InvalidParameter.Port')
  expect(add(server(a, { Port: undefined }))).toBe('MissingPort')
  expect(add(...Array.from({ length: 201 }, (_, nth) => server(a, { Port: 1000 + nth })))).toBe(
    'InvalidParameter.Servers',
  )
  expect(add(server(a), server(a, { Port: 81 }))).toBeUndefined()
  await cloud.advance(2_000)
  expect(add(server(a))).toBe('Conflict.BackendServer')
  const change = (...Servers: object[]) =>
    ask('UpdateServerGroupServersAttribute', { ServerGroupId, Servers }).Code
  expect(change(server(a, { Port: 82 }))).toBe('ResourceNotFound.BackendServer')
  expect(change(...Array.from({ length: 41 }, (_, nth) => server(a, { Port: 1000 + nth })))).toBe(
    'InvalidParameter.Servers',
  )
})

test('a group of addresses takes addresses, of no network too', async () => {
  const ServerGroupId = await cloud.group({ ServerGroupType: 'Ip', VpcId: undefined })
  const address = (ServerId: string) => server(ServerId, { ServerType: 'Ip' })
  expect(ask('AddServersToServerGroup', { ServerGroupId, Servers: [address('example.com')] }).Code).toBe(
    'InvalidParameter.ServerId',
  )
  ask('AddServersToServerGroup', {
    ServerGroupId,
    Servers: [{ ...address('192.168.0.7'), RemoteIpEnabled: true }],
  })
  await cloud.advance(2_000)
  expect(cloud.servers(ServerGroupId)).toMatchObject([
    { ServerId: '192.168.0.7', ServerIp: '192.168.0.7', RemoteIpEnabled: true },
  ])
})

test('lists go page by page', async () => {
  const ServerGroupId = await cloud.group({ ServerGroupType: 'Ip' })
  const Servers = Array.from({ length: 25 }, (_, nth) => server(`10.0.0.${nth}`, { ServerType: 'Ip' }))
  ask('AddServersToServerGroup', { ServerGroupId, Servers })
  const first = ask('ListServerGroupServers', { ServerGroupId })
  expect(first).toMatchObject({ TotalCount: 25, MaxResults: 20 })
  const second = ask('ListServerGroupServers', { ServerGroupId, NextToken: first.NextToken })
  expect(second.Servers).toHaveLength(5)
  expect(second.NextToken).toBe('')
  expect(ask('ListServerGroupServers', { ServerIds: ['10.0.0.3'] }).Servers).toHaveLength(1)
})

test('tags select, come and go', async () => {
  const ServerGroupId = await cloud.group({ Tag: [{ Key: 'a', Value: '1' }] })
  const about = { ResourceType: 'servergroup', ResourceId: [ServerGroupId] }
  ask('TagResources', { ...about, Tag: [{ Key: 'b', Value: '2' }] })
  expect(ask('ListServerGroups', { Tag: [{ Key: 'b', Value: '2' }] }).TotalCount).toBe(1)
  ask('UnTagResources', { ...about, TagKey: ['a'] })
  expect(ask('ListTagResources', about).TagResources).toEqual([
    { ResourceType: 'servergroup', ResourceId: ServerGroupId, TagKey: 'b', TagValue: '2' },
  ])
  ask('UnTagResources', { ...about, All: true })
  expect(ask('ListTagResources', about).TagResources).toEqual([])
  expect(ask('TagResources', { ...about, ResourceType: 'acl', Tag: [{ Key: 'b', Value: '2' }] }).Code).toBe(
    'InvalidParameter.ResourceType',
  )
})
