import { beforeEach, expect, test } from 'vitest'
import { type Asked, Cloud, START } from '../../../test/kit/cloud.ts'
import { SAMPLE_KEY } from '../sample.ts'
import { withEntry } from '../world.ts'
import { measured } from './measured.ts'

const { account } = SAMPLE_KEY
const MINUTE = 60_000
const CPU = { Namespace: 'acs_ecs_dashboard', MetricName: 'CPUUtilization', Period: '60' }

let cloud: Cloud
beforeEach(() => {
  cloud = new Cloud()
})

/** The CPU of these instances, in percent, as it is now. */
function measure(values: Readonly<Record<string, number>>, namespace = CPU.Namespace): void {
  const all = Object.entries(values).map(([instanceId, value]) => {
    return { account, namespace, metric: CPU.MetricName, dimensions: { instanceId }, value }
  })
  cloud.world = measured(cloud.world, all, cloud.clock.now())
}

const of = (...ids: readonly string[]) => JSON.stringify(ids.map((instanceId) => ({ instanceId })))

function last(parameters: Readonly<Record<string, string>> = {}): Asked {
  return cloud.ask('cms', 'DescribeMetricLast', { ...CPU, ...parameters })
}

const points = (answer: Asked): Asked => JSON.parse(answer.Datapoints ?? '[]')

test('the points of a minute are out half a minute after it, with their mean and extremes', async () => {
  measure({ 'i-1': 10 })
  await cloud.advance(30_000)
  measure({ 'i-1': 50, 'i-2': 70 })
  await cloud.advance(MINUTE - 1)
  expect(last({ Dimensions: of('i-1') }).Datapoints ?? '[]').toMatch(/^(\[\])?$/)
  await cloud.advance(1)
  const answer = last({ Dimensions: of('i-1') })
  expect(answer).toMatchObject({ Code: '200', Success: true, Period: '60' })
  const point = { timestamp: START, userId: account, instanceId: 'i-1' }
  expect(points(answer)).toEqual([{ ...point, Minimum: 10, Average: 30, Maximum: 50 }])
  expect(points(last({ Dimensions: of('i-2', 'i-1') }))).toHaveLength(2)
  expect(points(last())).toHaveLength(2)
})

test('products that measure one value at a time say Value', async () => {
  measure({ 'alb-1': 3 }, 'acs_alb')
  await cloud.advance(2 * MINUTE)
  expect(points(last({ Namespace: 'acs_alb' }))).toMatchObject([{ instanceId: 'alb-1', Value: 3 }])
})

test('what is measured no more keeps its last point for two hours', async () => {
  measure({ 'i-1': 10 })
  await cloud.advance(119 * MINUTE)
  expect(points(last())).toMatchObject([{ timestamp: START }])
  await cloud.advance(2 * MINUTE)
  expect(last().Datapoints ?? '[]').toMatch(/^(\[\])?$/)
})

test('an empty answer has each of its three forms', () => {
  const forms = new Set(Array.from({ length: 20 }, () => last().Datapoints))
  expect(forms).toEqual(new Set(['[]', '', undefined]))
})

test('a list has the points after its start up to its end, page by page', async () => {
  for (let minute = 0; minute < 5; minute++) {
    measure({ 'i-1': minute })
    await cloud.advance(MINUTE)
  }
  await cloud.advance(MINUTE)
  const list = (parameters: Readonly<Record<string, string>>): Asked =>
    cloud.ask('cms', 'DescribeMetricList', { ...CPU, ...parameters })
  const range = { StartTime: String(START), EndTime: '2026-01-05 16:04:00' }
  const first = list({ ...range, Length: '3' })
  const values = (answer: Asked) => points(answer).map((point: Asked) => point.Average)
  expect(values(first)).toEqual([1, 2, 3])
  expect(values(list({ ...range, Length: '3', NextToken: first.NextToken }))).toEqual([4])
  expect(values(list({}))).toEqual([0, 1, 2, 3, 4])
})

test.each([
  [{ Dimensions: of(...Array.from({ length: 51 }, (_, nth) => `i-${nth}`)) }, 'at most 50'],
  [{ Dimensions: '[{"instanceId"' }, 'parse param dimensions error'],
  [{ Dimensions: '["i-1"]' }, 'parse param dimensions error'],
  [{ Period: '15' }, 'Period'],
  [{ Period: '61' }, 'Period'],
  [{ Length: '1441' }, 'Length'],
  [{ Length: 'many' }, 'Length'],
])('refuses %o inside an answer of the status 200', (parameters, message) => {
  const answer = last(parameters)
  expect(answer).toMatchObject({ Code: '400', Success: false, Datapoints: '' })
  expect(answer.Message).toContain(message)
})

test('answers fifty calls a second, and a million a month', async () => {
  const codes = Array.from({ length: 51 }, () => last().Code)
  expect(codes).toEqual([...Array.from({ length: 50 }, () => '200'), 'Throttling.User'])
  await cloud.advance(1_000)
  const used = { month: '2026-01', calls: cloud.world.cms.freeCalls - 1 }
  cloud.world = {
    ...cloud.world,
    cms: { ...cloud.world.cms, usage: withEntry(cloud.world.cms.usage, account, used) },
  }
  expect([last().Code, last().Code]).toEqual(['200', '402'])
  // The month ends at midnight of its own time zone.
  await cloud.clock.advance(Date.UTC(2026, 0, 31, 16) - cloud.clock.now())
  expect(last().Code).toBe('200')
})

test('lists the metrics of servers, and what else is measured', () => {
  const { Resources, TotalCount } = cloud.ask('cms', 'DescribeMetricMetaList', {
    MetricName: 'memory_usedutilization',
  })
  expect(TotalCount).toBe('1')
  expect(Resources.Resource).toMatchObject([{ Periods: '15,60,300,900,3600', Unit: '%' }])
  measure({ 'alb-1': 3 }, 'acs_alb')
  measure({ 'alb-2': 3 }, 'acs_alb')
  const others = cloud.ask('cms', 'DescribeMetricMetaList', { Namespace: 'acs_alb' })
  expect(others.Resources.Resource).toMatchObject([
    { MetricName: CPU.MetricName, Dimensions: 'userId,instanceId', Statistics: 'Value' },
  ])
})

test('tells of spot servers that are taken back, and of servers that failed', async () => {
  const launch = {
    ImageId: 'sandbox-image',
    InstanceType: 'ecs.g7.large',
    VSwitchId: 'vsw-sandbox-h',
    SecurityGroupId: 'sg-sandbox',
    SpotStrategy: 'SpotAsPriceGo',
  }
  const [id] = cloud.ask('ecs', 'RunInstances', launch).InstanceIdSets.InstanceIdSet
  const instance = cloud.world.ecs.instances.get(id)!
  const recycledAt = START + 5 * MINUTE
  const failed = { ...instance, id: 'i-failed', releasedAt: START + 1, why: 'SystemFailure.Delete' }
  cloud.world = {
    ...cloud.world,
    ecs: {
      ...cloud.world.ecs,
      instances: new Map([[id, { ...instance, recycledAt }]]),
      released: [failed],
    },
  }
  await cloud.advance(10)
  const ask = (parameters: Readonly<Record<string, string>> = {}): Asked =>
    cloud.ask('cms', 'DescribeSystemEventAttribute', parameters).SystemEvents.SystemEvent
  expect(ask()).toMatchObject([
    { Name: 'Instance:SystemFailure.Delete:Executed', ResourceId: 'i-failed', Time: START + 1 },
    { Name: 'Instance:PreemptibleInstanceInterruption', ResourceId: id, Time: START },
  ])
  expect(ask({ Level: 'CRITICAL' })).toHaveLength(1)
  expect(ask({ StartTime: String(START + 5) })).toEqual([])
})
