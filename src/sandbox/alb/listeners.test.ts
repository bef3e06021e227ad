import { beforeEach, expect, test } from 'vitest'
import { AlbCloud, forwardTo, server } from '../../../test/kit/alb-cloud.ts'
import { START } from '../../../test/kit/cloud.ts'
import { sampleWorld } from '../sample.ts'

let cloud: AlbCloud
beforeEach(() => {
  cloud = new AlbCloud()
})

const listenerStatus = (ListenerId: string) =>
  cloud.alb('GetListenerAttribute', { ListenerId }).ListenerStatus

async function aSite(over: object = {}) {
  const balancer = await cloud.balancer(over)
  const group = await cloud.group()
  return { balancer, group, listener: await cloud.listener(balancer, group) }
}

test('a listener comes up, stops, starts, changes, and goes, each by a job', async () => {
  const { balancer, group, listener } = await aSite()
  const ListenerId = listener
  expect(cloud.alb('ListListeners', { LoadBalancerIds: [balancer] }).Listeners).toMatchObject([
    {
      ListenerId,
      ListenerPort: 80,
      ListenerProtocol: 'HTTP',
      ListenerStatus: 'Running',
      IdleTimeout: 15,
      DefaultActions: [forwardTo(group)],
      XForwardedForConfig: { XForwardedForEnabled: true },
    },
  ])
  cloud.alb('StopListener', { ListenerId })
  expect(listenerStatus(listener)).toBe('Configuring')
  expect(cloud.alb('StopListener', { ListenerId }).Code).toBe('IncorrectStatus.Listener')
  await cloud.advance(2_000)
  expect(listenerStatus(listener)).toBe('Stopped')
  await cloud.done('StartListener', { ListenerId })
  expect(cloud.alb('StartListener', { ListenerId }).Code).toBe('IncorrectStatus.Listener')
  const other = await cloud.group({ ServerGroupName: 'other' })
  cloud.alb('UpdateListenerAttribute', { ListenerId, RequestTimeout: 90, DefaultActions: [forwardTo(other)] })
  for (const ServerGroupId of [group, other])
    expect(cloud.alb('DeleteServerGroup', { ServerGroupId }).Code).toBe('ResourceInUse.ServerGroup')
  await cloud.advance(2_000)
  expect(cloud.alb('GetListenerAttribute', { ListenerId })).toMatchObject({
    ListenerStatus: 'Running',
    RequestTimeout: 90,
    IdleTimeout: 15,
    DefaultActions: [forwardTo(other)],
  })
  await cloud.done('DeleteListener', { ListenerId })
  expect(cloud.alb('GetListenerAttribute', { ListenerId }).Code).toBe('ResourceNotFound.Listener')
})

test('a port of a load balancer has one listener, and only what goes together is one', async () => {
  const { balancer, group } = await aSite()
  const create = (over: object) =>
    cloud.alb('CreateListener', {
      LoadBalancerId: balancer,
      ListenerPort: 81,
      ListenerProtocol: 'HTTP',
      DefaultActions: [forwardTo(group)],
      ...over,
    }).Code
  expect(create({ ListenerPort: 80 })).toBe('ResourceAlreadyExist.Listener')
  expect(create({ ListenerPort: 65_536 })).toBe('InvalidParameter.ListenerPort')
  expect(create({ LoadBalancerId: 'alb-none' })).toBe('ResourceNotFound.LoadBalancer')
  expect(create({ DefaultActions: [forwardTo('sgp-none')] })).toBe('ResourceNotFound.ServerGroup')
  expect(create({ DefaultActions: [{ Type: 'Redirect' }] })).toBe('InvalidParameter.DefaultActions')
  expect(create({ ListenerProtocol: 'HTTPS' })).toBe('InvalidParameter.Certificates')
  const secure = await cloud.group({ Protocol: 'HTTPS' })
  expect(create({ DefaultActions: [forwardTo(secure)] })).toBe(
    'OperationDenied.ServerGroupProtocolNotSupport',
  )
})

test('a load balancer that is not there yet, or that goes, takes no listener', async () => {
  const group = await cloud.group()
  const { LoadBalancerId } = cloud.alb('CreateLoadBalancer', {
    LoadBalancerEdition: 'Basic',
    AddressType: 'Internet',
    LoadBalancerBillingConfig: { PayType: 'PostPay' },
    VpcId: 'vpc-sandbox',
    ZoneMappings: [
      { ZoneId: 'cn-hangzhou-h', VSwitchId: 'vsw-sandbox-h' },
      { ZoneId: 'cn-hangzhou-i', VSwitchId: 'vsw-sandbox-i' },
    ],
  })
  const create = () =>
    cloud.alb('CreateListener', {
      LoadBalancerId,
      ListenerPort: 80,
      ListenerProtocol: 'HTTP',
      DefaultActions: [forwardTo(group)],
    }).Code
  expect(create()).toBe('IncorrectStatus.LoadBalancer')
  await cloud.advance(30_000)
  cloud.alb('DeleteLoadBalancer', { LoadBalancerId })
  expect(create()).toBe('IncorrectStatus.LoadBalancer')
})

test('a Basic load balancer sends to no group that drains or starts slowly', async () => {
  const { balancer, group } = await aSite({ LoadBalancerEdition: 'Basic' })
  const draining = await cloud.group({ ConnectionDrainConfig: { ConnectionDrainEnabled: true } })
  const listener = {
    LoadBalancerId: balancer,
    ListenerPort: 81,
    ListenerProtocol: 'HTTP',
    DefaultActions: [forwardTo(draining)],
  }
  expect(cloud.alb('CreateListener', listener).Code).toBe('Mismatch.LoadBalancerEditionAndConnectionDrain')
  const change = { ServerGroupId: group, SlowStartConfig: { SlowStartEnabled: true } }
  expect(cloud.alb('UpdateServerGroupAttribute', change).Code).toBe(
    'Mismatch.LoadBalancerEditionAndSlowStartEnable',
  )
})

test('a group that something sends to is not deleted', async () => {
  const { balancer, group, listener } = await aSite()
  const [listed] = cloud.alb('ListServerGroups', { ServerGroupIds: [group] }).ServerGroups
  expect(listed.RelatedLoadBalancerIds).toEqual([balancer])
  expect(cloud.alb('DeleteServerGroup', { ServerGroupId: group }).Code).toBe('ResourceInUse.ServerGroup')
  await cloud.done('DeleteListener', { ListenerId: listener })
  await cloud.done('DeleteServerGroup', { ServerGroupId: group })
})

test('a load balancer has no more servers than its edition may, each use counted', async () => {
  const { balancer, group } = await aSite({ LoadBalancerEdition: 'Basic' })
  await cloud.listener(balancer, group, { ListenerPort: 81 })
  const [id] = (await cloud.instances(1)) as [string]
  const add = (count: number) =>
    cloud.alb('AddServersToServerGroup', {
      ServerGroupId: group,
      Servers: Array.from({ length: count }, (_, nth) => server(id, { Port: 1000 + nth })),
    }).Code
  expect(add(101)).toBe('ResourceQuotaExceeded.LoadBalancerServersNum')
  expect(add(100)).toBeUndefined()
})

test('health tells of servers that are not well, and of none of weight 0', async () => {
  const { group, listener } = await aSite()
  const [well, ill, resting] = (await cloud.instances(3)) as [string, string, string]
  const Servers = [server(well), server(ill, { Port: 8080 }), server(resting, { Weight: 0 })]
  await cloud.done('AddServersToServerGroup', { ServerGroupId: group, Servers: Servers.slice(1) })
  cloud.alb('AddServersToServerGroup', { ServerGroupId: group, Servers: [server(well)] })
  const health = () => {
    const { ListenerHealthStatus } = cloud.alb('GetListenerHealthStatus', { ListenerId: listener })
    return ListenerHealthStatus[0].ServerGroupInfos[0].NonNormalServers
  }
  cloud.world = { ...cloud.world, health: new Map([['127.10.0.2:8080', false]]) }
  expect(health()).toMatchObject([
    { ServerId: ill, Port: 8080, Status: 'Unhealthy', Reason: { ReasonCode: 'CONNECT_FAILED' } },
    { ServerId: resting, Status: 'Unused' },
    { ServerId: well, Status: 'Initial' },
  ])
  await cloud.advance(2_000)
  cloud.world = { ...cloud.world, health: new Map() }
  expect(health()).toMatchObject([{ ServerId: resting, Status: 'Unused' }])
  const off = { HealthCheckConfig: { HealthCheckEnabled: false } }
  await cloud.done('UpdateServerGroupAttribute', { ServerGroupId: group, ...off })
  expect(health().map(({ Status }: { Status: string }) => Status)).toEqual(Array(3).fill('Unavailable'))
})

test('a listener whose creation failed is not there, and one whose change failed is as it was', async () => {
  const faults = ['alb CreateListener', 'alb StopListener'].map((operation) => ({
    id: operation,
    fault: { kind: 'job-fails' } as const,
    share: 1,
    untilAt: operation === 'alb CreateListener' ? START + 40_000 : START + 3_600_000,
    operation,
  }))
  cloud = new AlbCloud({ ...sampleWorld(), faults })
  const balancer = await cloud.balancer()
  const group = await cloud.group()
  await cloud.listener(balancer, group)
  expect(cloud.alb('ListListeners').TotalCount).toBe(0)
  await cloud.advance(10_000)
  const ListenerId = await cloud.listener(balancer, group)
  await cloud.done('StopListener', { ListenerId })
  expect(listenerStatus(ListenerId)).toBe('Running')
})
