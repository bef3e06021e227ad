import { beforeEach, expect, test } from 'vitest'
import { Clb } from '../../../test/kit/clb.ts'
import { DELAYS } from '../delays.ts'

let clb: Clb
beforeEach(async () => {
  clb = new Clb()
  await clb.start()
})

const HTTP = { ListenerPort: 80, BackendServerPort: 8080, HealthCheck: 'on', StickySession: 'off' }
const about = (kind: string, ListenerPort: number) =>
  clb.ask(`DescribeLoadBalancer${kind}ListenerAttribute`, { ListenerPort })

test('a listener stands still until it is started, and while it is started it may not be changed', async () => {
  await clb.done('CreateLoadBalancerHTTPListener', HTTP)
  expect(about('HTTP', 80)).toMatchObject({
    Status: 'stopped',
    Scheduler: 'wrr',
    BackendServerPort: 8080,
    HealthCheckInterval: 2,
    HealthyThreshold: 3,
    IdleTimeout: 15,
    Bandwidth: -1,
  })
  await clb.done('StartLoadBalancerListener', { ListenerPort: 80 })
  expect(about('HTTP', 80).Status).toBe('starting')
  const change = () => clb.ask('SetLoadBalancerHTTPListenerAttribute', { ListenerPort: 80, IdleTimeout: 20 })
  expect(change().Code).toBe('ListenerProcessing')
  await clb.cloud.advance(DELAYS.listenerMs)
  expect(about('HTTP', 80).Status).toBe('running')
  expect(change().Code).toBeUndefined()
  expect(clb.ask('StopLoadBalancerListener', { ListenerPort: 80 }).Code).toBe('ServiceIsConfiguring')
  expect(about('HTTP', 80)).toMatchObject({ IdleTimeout: 20, HealthyThreshold: 3 })
  await clb.settle()
  await clb.done('StopLoadBalancerListener', { ListenerPort: 80 })
  expect(clb.ask('DeleteLoadBalancerListener', { ListenerPort: 80 }).Code).toBe('ServiceIsStopping')
  await clb.cloud.advance(DELAYS.listenerMs)
  expect(about('HTTP', 80).Status).toBe('stopped')
  await clb.done('DeleteLoadBalancerListener', { ListenerPort: 80 })
  expect(about('HTTP', 80).Message).toBe('The specified resource does not exist.')
})

test('layer 4 has names of its own, and drains connections', async () => {
  await clb.done('CreateLoadBalancerTCPListener', {
    ListenerPort: 3306,
    BackendServerPort: 3306,
    healthCheckInterval: 7,
    HealthCheckSwitch: 'off',
    ConnectionDrain: 'on',
    ConnectionDrainTimeout: 60,
  })
  expect(about('TCP', 3306)).toMatchObject({
    HealthCheckInterval: 7,
    HealthCheck: 'off',
    ConnectionDrain: 'on',
    ConnectionDrainTimeout: 60,
    EstablishedTimeout: 900,
  })
  await clb.done('SetLoadBalancerTCPListenerAttribute', {
    ListenerPort: 3306,
    HealthCheckInterval: 9,
    HealthCheckSwitch: 'on',
  })
  expect(about('TCP', 3306)).toMatchObject({ HealthCheckInterval: 9, HealthCheck: 'on' })
})

test('on one port may stand a listener of UDP and another one', async () => {
  const port = { ListenerPort: 53, BackendServerPort: 53 }
  await clb.done('CreateLoadBalancerTCPListener', port)
  await clb.done('CreateLoadBalancerUDPListener', port)
  expect(clb.ask('CreateLoadBalancerHTTPListener', { ...HTTP, ...port }).Code).toBe('ListenerAlreadyExists')
  expect(clb.ask('StartLoadBalancerListener', port).Code).toBe('TooManyListeners')
  await clb.done('StartLoadBalancerListener', { ...port, ListenerProtocol: 'udp' })
  expect(about('UDP', 53).Status).toBe('starting')
  const { Listeners, TotalCount } = clb.ask('DescribeLoadBalancerListeners', { LoadBalancerId: [clb.id] })
  expect([TotalCount, Listeners]).toMatchObject([
    2,
    [
      { ListenerProtocol: 'tcp', Status: 'stopped', TCPListenerConfig: { HealthCheckType: 'tcp' } },
      { ListenerProtocol: 'udp', Scheduler: 'wrr', UDPListenerConfig: { HealthCheckInterval: 5 } },
    ],
  ])
  expect(clb.ask('DescribeLoadBalancerAttribute').ListenerPorts.ListenerPort).toEqual([53, 53])
})

test.each([
  ['HTTP', { ...HTTP, ListenerPort: 70_000 }, 'InvalidParameter.ListenerPort'],
  ['HTTP', { ...HTTP, BackendServerPort: undefined }, 'MissingParameter'],
  ['HTTP', { ...HTTP, VServerGroupId: 'rsp-none' }, 'InvalidParam.VServerGroupId'],
  ['HTTP', { ...HTTP, HealthCheck: undefined }, 'MissingHealthCheck'],
  ['HTTP', { ...HTTP, HealthCheckInterval: 51 }, 'InvalidParameter.HealthCheckInterval'],
  ['HTTP', { ...HTTP, Scheduler: 'sch' }, 'InvalidParameter.Scheduler'],
  ['HTTP', { ...HTTP, Bandwidth: 0 }, 'InvalidParameter.Bandwidth'],
  ['HTTP', { ...HTTP, StickySession: 'on' }, 'MissingStickySessionType'],
  ['HTTP', { ...HTTP, StickySession: 'on', StickySessionType: 'insert' }, 'MissingCookieTimeout'],
  ['HTTP', { ...HTTP, StickySession: 'on', StickySessionType: 'server' }, 'MissingCookie'],
  ['TCP', { ...HTTP, ConnectionDrain: 'on' }, 'MissingConnectionDrainTimeout'],
  ['HTTPS', HTTP, 'MissingServerCertificateId'],
  ['HTTPS', { ...HTTP, ServerCertificateId: 'none' }, 'ResourceNotFound.Certificate'],
])('refuses a listener of %s with %o as %s', (kind, query, code) => {
  expect(clb.ask(`CreateLoadBalancer${kind}Listener`, query).Code).toBe(code)
})

test('hashing is for guaranteed performance', async () => {
  const query = { ...HTTP, Scheduler: 'tch' }
  const LoadBalancerId = clb.create()
  expect(clb.ask('CreateLoadBalancerTCPListener', { ...query, LoadBalancerId }).Code).toBe(
    'InvalidParameterValue.SpecNotSupport',
  )
  await clb.done('CreateLoadBalancerTCPListener', query)
})

test('listeners share the bandwidth that is paid', async () => {
  clb.id = clb.create({ InternetChargeType: 'paybybandwidth', Bandwidth: 10 })
  await clb.done('CreateLoadBalancerHTTPListener', { ...HTTP, Bandwidth: 6 })
  const second = (Bandwidth: number) =>
    clb.ask('CreateLoadBalancerTCPListener', { ...HTTP, ListenerPort: 81, Bandwidth })
  expect(second(5).Message).toContain('exceeds the maximum bandwidth available')
  expect(second(4).Code).toBeUndefined()
})

test('a group that a listener sends to is kept until the listener lets go of it', async () => {
  const VServerGroupId = await clb.group(1)
  await clb.done('CreateLoadBalancerHTTPListener', { ...HTTP, VServerGroupId })
  expect(clb.ask('DeleteVServerGroup', { VServerGroupId }).Code).toBe('RspoolVipExist')
  expect(clb.ask('DescribeVServerGroups').VServerGroups.VServerGroup[0].AssociatedObjects).toMatchObject({
    Listeners: { Listener: [{ Port: 80, Protocol: 'http' }] },
  })
  await clb.done('SetLoadBalancerHTTPListenerAttribute', { ListenerPort: 80, VServerGroup: 'off' })
  await clb.done('DeleteVServerGroup', { VServerGroupId })
})

test('there is a limit to the listeners of a balancer', async () => {
  for (let port = 1; port <= 50; port++)
    await clb.done('CreateLoadBalancerTCPListener', { ListenerPort: port, BackendServerPort: 80 })
  const more = { ListenerPort: 51, BackendServerPort: 80 }
  expect(clb.ask('CreateLoadBalancerTCPListener', more).Code).toBe('ListenerNumberOverLimit')
})
