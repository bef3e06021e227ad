import { expect, test } from 'vitest'
import { Cloud } from '../../../test/kit/cloud.ts'
import type { GatewayStats, PoolStats } from '../../core/control.ts'
import { measurementsOf } from './meter.ts'

const pool = (name: string, rps: number, errors: number, sentToClients: number): PoolStats => ({
  name,
  requests: 0,
  rps,
  refused: 0,
  retries: 0,
  ended: 0,
  errors: 0,
  sentToClients: 0,
  recent: { ended: 0, errors, sentToClients, latency: [] },
  meanInFlight: 0,
  panic: false,
  members: [],
})
const listener = (name: string, connections: number) => ({
  name,
  connections,
  accepted: 0,
  rejected: 0,
  cached: 0,
})

test('a load balancer is measured by what all its listeners and groups carry', () => {
  const cloud = new Cloud()
  const create = (): string => cloud.ask('slb', 'CreateLoadBalancer').LoadBalancerId
  const [busy, idle] = [create(), create()]
  const stats: GatewayStats = {
    at: 0,
    windowMs: 5_000,
    pools: [pool(`${busy}/a`, 30, 10, 1_000), pool(`${busy}/b`, 12, 5, 250), pool(`${busy}0/a`, 99, 99, 99)],
    listeners: [listener(`${busy}/http/80`, 3), listener(`${busy}/http/81`, 4), listener('other/http/80', 9)],
    classes: [],
    rssBytes: 0,
    bandwidthBps: null,
  }
  const measured = measurementsOf(cloud.world, stats).map(({ namespace, metric, dimensions, value }) => [
    `${namespace} ${metric} ${dimensions.instanceId}`,
    value,
  ])
  expect(measured).toEqual([
    [`acs_slb_dashboard InstanceQps ${busy}`, 42],
    [`acs_slb_dashboard InstanceStatusCode5xx ${busy}`, 3],
    [`acs_slb_dashboard InstanceTrafficTX ${busy}`, 2_000],
    [`acs_slb_dashboard InstanceActiveConnection ${busy}`, 7],
    [`acs_slb_dashboard InstanceQps ${idle}`, 0],
    [`acs_slb_dashboard InstanceStatusCode5xx ${idle}`, 0],
    [`acs_slb_dashboard InstanceTrafficTX ${idle}`, 0],
    [`acs_slb_dashboard InstanceActiveConnection ${idle}`, 0],
  ])
})
