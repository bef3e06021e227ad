import { beforeEach, expect, test } from 'vitest'
import { parseMetric, parseSource } from '../../src/drivers/alicloud/cloudmonitor/config.ts'
import { openCloudMonitor } from '../../src/drivers/alicloud/cloudmonitor/open.ts'
import { measured } from '../../src/sandbox/cms/measured.ts'
import { Cloud, REGION } from '../kit/cloud.ts'
import { cloudWorld } from '../kit/cloud-world.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { SILENT } from '../kit/gateway.ts'
import { aStep } from '../kit/scaling.ts'

const MINUTE = 60_000
const never = new AbortController().signal

beforeEach(sandboxKeys)

/** What CloudMonitor measures of each running server: an equal share of the work, in percent of one server. */
function work(cloud: Cloud, percent: number): void {
  const running = [...cloud.world.ecs.instances.values()].filter(({ status }) => status === 'Running')
  const value = Math.min(100, percent / running.length)
  const all = running.map(({ id, account }) => {
    const dimensions = { instanceId: id }
    return { account, namespace: 'acs_ecs_dashboard', metric: 'CPUUtilization', dimensions, value }
  })
  cloud.world = measured(cloud.world, all, cloud.now())
}

/** A source of the one metric `ecs-cpu`, asked once a minute. */
function monitor(cloud: Cloud) {
  const [source, metric] = [parseSource({ region: REGION }), parseMetric({ metric: 'CPUUtilization' })]
  if (!source.ok || !metric.ok) throw new Error('they are right')
  // Not where the fleet's chance begins: no nonce is used twice.
  let drawn = 50_000
  const rng = () => (++drawn % 99_991) / 99_991
  const host = { clock: cloud.clock, rng, log: SILENT, installation: 'test', stateDir: '/nowhere' }
  return openCloudMonitor(source.config, { 'ecs-cpu': metric.config }, host, cloud.transport)
}

test('the CPU that CloudMonitor measures makes a fleet grow and shrink, and a monitor that fails makes it hold', async () => {
  const cloud = new Cloud()
  await using opened = monitor(cloud)
  const info = {
    unit: 'ratio',
    from: 'source:cloud',
    perServer: true,
    help: '',
    freshMs: 6 * MINUTE,
  } as const
  const policies = [
    aStep('ecs-cpu > 80%', 2 * MINUTE, { kind: 'add', servers: 1 }, 'out'),
    aStep('ecs-cpu < 30%', 3 * MINUTE, { kind: 'remove', servers: 1 }, 'in'),
  ]
  const world = cloudWorld(cloud, {
    fleet: { min: 2, max: 10, metrics: { 'ecs-cpu': info }, policies },
    wrap: (ports) => ({
      ...ports,
      metrics: (from) => (from === 'source:cloud' ? opened.metrics : ports.metrics(from)),
    }),
  })
  let percent = 80
  const pass = (minutes: number) => world.pass(minutes * MINUTE, () => work(cloud, percent))
  world.start()
  await pass(8)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
  percent = 300
  await pass(20)
  expect(world.status).toMatchObject({ desired: 4, ready: 4 })
  const fault = {
    id: 'f',
    fault: { kind: 'html', status: 502 },
    share: 1,
    operation: 'cms DescribeMetricLast',
  } as const
  cloud.world = { ...cloud.world, faults: [{ ...fault, untilAt: cloud.now() + 20 * MINUTE }] }
  percent = 40
  await pass(20)
  expect(world.status).toMatchObject({ desired: 4, ready: 4 })
  const asked = { metric: 'ecs-cpu', fleet: 'api', pools: [], servers: [...cloud.world.ecs.instances.keys()] }
  expect(await opened.metrics.read([asked], MINUTE, never)).toMatchObject([{ why: 'unreachable' }])
  await pass(20)
  expect(world.status).toMatchObject({ desired: 2, actual: 2, ready: 2 })
})
