import { beforeEach, expect, test } from 'vitest'
import { Clb } from '../../../test/kit/clb.ts'
import { START } from '../../../test/kit/cloud.ts'
import type { FaultRule } from '../fault-rule.ts'

const FIRST_CHECKS_MS = 4_000
const LISTENER = { ListenerPort: 80, BackendServerPort: 8080, HealthCheck: 'on', StickySession: 'off' }

let clb: Clb
beforeEach(async () => {
  clb = new Clb()
  await clb.start()
  const [a, b] = clb.servers
  const items = [{ ServerId: a }, { ServerId: b, Weight: 0 }]
  await clb.done('AddBackendServers', { BackendServers: JSON.stringify(items) })
})

const rows = (query: object = {}) => clb.ask('DescribeHealthStatus', query).BackendServers.BackendServer
const statuses = () => rows().map((row: { ServerHealthStatus: string }) => row.ServerHealthStatus)
function found(at: string, isWell: boolean): void {
  clb.cloud.world = { ...clb.cloud.world, health: new Map([[at, isWell]]) }
}

test('a server is not known until it was checked, and one of weight 0 is called well whatever it is', async () => {
  await clb.running('HTTP', LISTENER)
  expect(statuses()).toEqual(['unavailable', 'normal'])
  await clb.cloud.advance(FIRST_CHECKS_MS)
  expect(statuses()).toEqual(['normal', 'normal'])
  found('127.10.0.1:8080', false)
  expect(statuses()).toEqual(['abnormal', 'normal'])
  found('127.10.0.2:8080', false)
  expect(statuses()).toEqual(['normal', 'normal'])
  expect(rows({ ListenerPort: 80 })[0]).toMatchObject({
    ServerId: clb.servers[0],
    ServerIp: '127.10.0.1',
    Port: 8080,
    ListenerPort: 80,
    Protocol: 'http',
  })
  expect(clb.ask('DescribeHealthStatus', { ListenerPort: 81 }).Code).toBe('InvalidParameter')
})

test('a listener that stands still checks nobody, and one without checks finds everybody well', async () => {
  await clb.done('CreateLoadBalancerHTTPListener', LISTENER)
  expect(statuses()[0]).toBe('unavailable')
  await clb.done('SetLoadBalancerHTTPListenerAttribute', { ListenerPort: 80, HealthCheck: 'off' })
  expect(statuses()[0]).toBe('normal')
})

test('checks go to a port of their own where one is given, and to the groups of rules', async () => {
  await clb.running('HTTP', { ...LISTENER, HealthCheckConnectPort: 9000 })
  const VServerGroupId = await clb.group(3)
  const RuleList = JSON.stringify([{ RuleName: 'api', Url: '/api', VServerGroupId }])
  await clb.done('CreateRules', { ListenerPort: 80, RuleList })
  await clb.cloud.advance(FIRST_CHECKS_MS)
  found('127.10.0.3:9000', false)
  expect(statuses()).toEqual(['normal', 'normal', 'normal', 'normal', 'abnormal'])
  expect(rows().at(-1).Port).toBe(80)
})

test('a server that is stopped, or whose zone is down, is not well', async () => {
  await clb.running('HTTP', LISTENER)
  await clb.cloud.advance(FIRST_CHECKS_MS)
  const fault: FaultRule['fault'] = { kind: 'zone-down', zone: 'cn-hangzhou-h' }
  const { world } = clb.cloud
  clb.cloud.world = { ...world, faults: [{ id: 'f', fault, share: 1, untilAt: START + 3_600_000 }] }
  expect(statuses()[0]).toBe('abnormal')
  clb.cloud.world = { ...clb.cloud.world, faults: [] }
  expect(statuses()[0]).toBe('normal')
  clb.cloud.ask('ecs', 'StopInstances', { InstanceId: [clb.servers[0]!] })
  expect(statuses()[0]).toBe('abnormal')
})
