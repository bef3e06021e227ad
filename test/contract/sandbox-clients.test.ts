import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import { type Served, serveSandbox } from '../../src/sandbox/serve.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'

/** By require: their ES module forms differ between Node and the test runner. */
const require = createRequire(import.meta.url)
const core: typeof import('@alicloud/openapi-core') = require('@alicloud/openapi-core')
const cmsSdk: typeof import('@alicloud/cms20190101') = require('@alicloud/cms20190101')
const ecsSdk: typeof import('@alicloud/ecs20140526') = require('@alicloud/ecs20140526')
type Callback = (error: unknown, data: Record<string, unknown>) => void
type OldClient = Readonly<Record<string, (query: object, done: Callback) => void>>
const aliyunSdkModule: { SLB: new (options: object) => OldClient } = require('aliyun-sdk')
const popCoreSdk: { RPCClient: typeof import('@alicloud/pop-core') } = require('@alicloud/pop-core')

const RegionId = 'cn-hangzhou'
const LAUNCH = {
  RegionId,
  ImageId: 'sandbox-image',
  InstanceType: 'ecs.g7.large',
  VSwitchId: 'vsw-sandbox-h',
  SecurityGroupId: 'sg-sandbox',
}

let clock: VirtualClock
let cloud: Served
beforeEach(async () => {
  // Clients sign with the time of the machine.
  clock = new VirtualClock(Date.now())
  cloud = await serveSandbox(sampleWorld(), { port: 0, clock })
})
afterEach(() => cloud[Symbol.asyncDispose]())

type Ask = (action: string, query: Record<string, string | number>) => Promise<Record<string, unknown>>

function popCore(method: 'GET' | 'POST', apiVersion = '2014-05-26'): Ask {
  const client = new popCoreSdk.RPCClient({
    accessKeyId: SAMPLE_KEY.id,
    accessKeySecret: SAMPLE_KEY.secret,
    endpoint: cloud.url,
    apiVersion,
  })
  return (action, query) => client.request(action, query, { method })
}

function clientConfig() {
  const { host } = new URL(cloud.url)
  return new core.$OpenApiUtil.Config({
    accessKeyId: SAMPLE_KEY.id,
    accessKeySecret: SAMPLE_KEY.secret,
    endpoint: host,
    protocol: 'http',
    regionId: RegionId,
  })
}

function ecsClient() {
  return new ecsSdk.default(clientConfig())
}

describe.each([
  ['@alicloud/pop-core by GET', () => popCore('GET')],
  ['@alicloud/pop-core by POST', () => popCore('POST')],
])('%s', (_, open) => {
  test('makes a server, sees it run, and deletes it', async () => {
    const ask = open()
    await ask('RunInstances', { ...LAUNCH, Amount: 2, 'Tag.1.Key': "owner's", 'Tag.1.Value': '(me) *~!' })
    await clock.advance(30_000)
    const { Instances } = (await ask('DescribeInstances', { RegionId })) as {
      Instances: { Instance: { InstanceId: string; Status: string; Tags: unknown }[] }
    }
    expect(Instances.Instance).toMatchObject([{ Status: 'Running' }, { Status: 'Running' }])
    expect(Instances.Instance[0]!.Tags).toEqual({ Tag: [{ TagKey: "owner's", TagValue: '(me) *~!' }] })
    const doomed = { RegionId, Force: 'true', 'InstanceId.1': Instances.Instance[0]!.InstanceId }
    await ask('DeleteInstances', doomed)
    expect(await ask('DescribeInstanceStatus', { RegionId })).toMatchObject({ TotalCount: 1 })
  })

  test('hears the code of a refusal', async () => {
    const error = await open()('RunInstances', { ...LAUNCH, ImageId: 'none' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'InvalidImageId.NotFound' })
  })
})

/** The vendor's older client, with callbacks, and an operation's name in small letters. */
function aliyunSdk(): Ask {
  const client = new aliyunSdkModule.SLB({
    accessKeyId: SAMPLE_KEY.id,
    secretAccessKey: SAMPLE_KEY.secret,
    endpoint: cloud.url,
    apiVersion: '2014-05-15',
  })
  return (action, query) => {
    const name = `${action[0]!.toLowerCase()}${action.slice(1)}`
    return new Promise((answered, failed) =>
      client[name]!(query, (error, data) => (error ? failed(error) : answered(data))),
    )
  }
}

describe.each([
  ['@alicloud/pop-core', () => popCore('POST', '2014-05-15')],
  ['aliyun-sdk', aliyunSdk],
])('%s', (_, open) => {
  /** A change, and the time that it takes. */
  async function changed(ask: Ask, action: string, query: Record<string, string | number>) {
    const answer = await ask(action, query)
    await clock.advance(2_000)
    return answer
  }

  test('puts servers behind a load balancer of CLB, reads their health, and deletes it', async () => {
    await popCore('POST')('RunInstances', { ...LAUNCH, Amount: 2 })
    await clock.advance(30_000)
    const [first, second] = [...cloud.world().ecs.instances.values()]
    const ask = open()
    const made = await ask('CreateLoadBalancer', { RegionId, LoadBalancerName: 'web', ClientToken: 'once' })
    const LoadBalancerId = made.LoadBalancerId as string
    const port = { LoadBalancerId, ListenerPort: 80, BackendServerPort: 8080, Bandwidth: -1 }
    await changed(ask, 'CreateLoadBalancerHTTPListener', { ...port, HealthCheck: 'on', StickySession: 'off' })
    await changed(ask, 'StartLoadBalancerListener', { LoadBalancerId, ListenerPort: 80 })
    const servers = [
      { ServerId: first!.id, Weight: '60' },
      { ServerId: second!.id, Weight: '40' },
    ]
    const BackendServers = JSON.stringify(servers)
    await changed(ask, 'AddBackendServers', { LoadBalancerId, BackendServers })
    await expect(ask('AddBackendServers', { LoadBalancerId, BackendServers })).rejects.toMatchObject({
      code: 'InvalidParameter',
    })
    await clock.advance(10_000)
    cloud.change((world) => ({ ...world, health: new Map([[`${second!.ip}:8080`, false]]) }))
    expect(await ask('DescribeHealthStatus', { LoadBalancerId })).toMatchObject({
      BackendServers: {
        BackendServer: [
          { ServerId: first!.id, ServerHealthStatus: 'normal', Port: 8080 },
          { ServerId: second!.id, ServerHealthStatus: 'abnormal', Port: 8080 },
        ],
      },
    })
    expect(await ask('DescribeLoadBalancerAttribute', { LoadBalancerId })).toMatchObject({
      LoadBalancerName: 'web',
      BackendServers: { BackendServer: [{ Weight: 60 }, { Weight: 40 }] },
      ListenerPorts: { ListenerPort: [80] },
    })
    await changed(ask, 'DeleteLoadBalancer', { LoadBalancerId })
    expect(cloud.world().slb.balancers.size).toBe(0)
  })
})

describe('@alicloud/ecs20140526', () => {
  test('makes servers once for a token, sees them run, and deletes them', async () => {
    const client = ecsClient()
    const request = new ecsSdk.RunInstancesRequest({
      regionId: RegionId,
      imageId: LAUNCH.ImageId,
      instanceType: LAUNCH.InstanceType,
      vSwitchId: LAUNCH.VSwitchId,
      securityGroupIds: [LAUNCH.SecurityGroupId],
      systemDisk: new ecsSdk.RunInstancesRequestSystemDisk({ category: 'cloud_essd', size: '40' }),
      tag: [new ecsSdk.RunInstancesRequestTag({ key: 'owner', value: 'me' })],
      amount: 3,
      clientToken: 'once',
    })
    const first = await client.runInstances(request)
    const again = await client.runInstances(request)
    const ids = first.body!.instanceIdSets!.instanceIdSet!
    expect(again.body!.instanceIdSets!.instanceIdSet).toEqual(ids)
    await clock.advance(30_000)
    const list = new ecsSdk.DescribeInstancesRequest({
      regionId: RegionId,
      tag: [new ecsSdk.DescribeInstancesRequestTag({ key: 'owner', value: 'me' })],
      instanceIds: JSON.stringify(ids),
    })
    const { body } = await client.describeInstances(list)
    expect(body!.instances!.instance!.map(({ status }) => status)).toEqual(['Running', 'Running', 'Running'])
    await client.deleteInstances(
      new ecsSdk.DeleteInstancesRequest({ regionId: RegionId, instanceId: ids, force: true }),
    )
    expect(cloud.world().ecs.instances.size).toBe(0)
  })

  test('hears code, status and request of a refusal', async () => {
    const list = new ecsSdk.DescribeInstancesRequest({ regionId: RegionId, maxResults: 1000 })
    const error = await ecsClient()
      .describeInstances(list)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'InvalidParameter.MaxResults', statusCode: 400 })
  })

  test('takes a page of a proxy for what it is: no answer of the cloud', async () => {
    await order('POST', 'faults', { kind: 'html', status: 502 })
    const list = new ecsSdk.DescribeInstancesRequest({ regionId: RegionId })
    await expect(ecsClient().describeInstances(list)).rejects.toThrow()
  })
})

describe('@alicloud/cms20190101', () => {
  const query = { namespace: 'acs_ecs_dashboard', metricName: 'memory_usedutilization', period: '15' }

  test('reads what was measured', async () => {
    const client = new cmsSdk.default(clientConfig())
    const { namespace, metricName: metric } = query
    const at = clock.now()
    await order('POST', 'measurements', { namespace, metric, dimensions: { instanceId: 'i-1' }, value: 40 })
    await clock.advance(60_000)
    const last = await client.describeMetricLast(new cmsSdk.DescribeMetricLastRequest(query))
    const [point, ...others] = JSON.parse(last.body!.datapoints!)
    expect(point).toMatchObject({ instanceId: 'i-1', Average: 40 })
    expect(others).toEqual([])
    const range = { startTime: String(at - 15_000), endTime: String(at), dimensions: '{"instanceId":"i-1"}' }
    const list = await client.describeMetricList(new cmsSdk.DescribeMetricListRequest({ ...query, ...range }))
    expect(JSON.parse(list.body!.datapoints!)).toEqual([point])
    const known = await client.describeMetricMetaList(
      new cmsSdk.DescribeMetricMetaListRequest({ metricName: metric }),
    )
    expect(known.body!.resources!.resource!.map(({ unit }) => unit)).toEqual(['%'])
  })

  test('is told inside an answer what is wrong', async () => {
    const client = new cmsSdk.default(clientConfig())
    const { body } = await client.describeMetricLast(
      new cmsSdk.DescribeMetricLastRequest({ ...query, dimensions: 'none' }),
    )
    expect(body).toMatchObject({ success: false, code: '400' })
  })

  test('hears of a spot server that is taken back', async () => {
    const client = new cmsSdk.default(clientConfig())
    await popCore('POST')('RunInstances', { ...LAUNCH, SpotStrategy: 'SpotAsPriceGo' })
    const [id] = cloud.world().ecs.instances.keys()
    await order('POST', 'interrupt', { instance: id! })
    const { body } = await client.describeSystemEventAttribute(
      new cmsSdk.DescribeSystemEventAttributeRequest({ product: 'ECS' }),
    )
    expect(body!.systemEvents!.systemEvent).toMatchObject([
      { name: 'Instance:PreemptibleInstanceInterruption', resourceId: id },
    ])
  })
})

async function order(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}
  const response = await fetch(`${cloud.url}/sandbox/${path}`, { method, ...init })
  return (await response.json()) as Record<string, unknown>
}

describe('the sandbox itself', () => {
  test('tells what is there and what it costs', async () => {
    await popCore('POST')('RunInstances', {
      ...LAUNCH,
      Amount: 2,
      'Tag.1.Key': 'fleet',
      'Tag.1.Value': 'web',
    })
    await clock.advance(3_600_000)
    expect(await order('GET', 'summary')).toMatchObject({ instances: { Running: 2 }, released: 0 })
    const { yuan } = (await order('GET', 'bill?tag=fleet')) as { yuan: { web: number } }
    expect(yuan.web).toBeCloseTo(2 * 0.68, 6)
  })

  test('gives faults and takes them back', async () => {
    const { id } = await order('POST', 'faults', { kind: 'throttled', operation: 'ecs DescribeZones' })
    const ask = popCore('GET')
    await expect(ask('DescribeZones', { RegionId })).rejects.toMatchObject({ code: 'Throttling.User' })
    expect(await order('GET', 'faults')).toMatchObject({ items: [{ id, share: 1 }] })
    await order('DELETE', `faults?id=${id}`)
    expect(await ask('DescribeZones', { RegionId })).toMatchObject({ Zones: {} })
  })

  test('answers late, or not at all, where it is told to', async () => {
    const { id } = await order('POST', 'faults', { kind: 'latency', ms: 60_000 })
    const answered = popCore('GET')('DescribeZones', { RegionId }).then(() => 'answered')
    const waiting = new Promise((resolve) => setImmediate(() => resolve('waiting')))
    expect(await Promise.race([answered, waiting])).toBe('waiting')
    await clock.advance(60_000)
    expect(await answered).toBe('answered')
    await order('DELETE', `faults?id=${id}`)
    await order('POST', 'faults', { kind: 'lost-answer', operation: 'ecs RunInstances' })
    await expect(popCore('POST')('RunInstances', LAUNCH)).rejects.toThrow()
    await expect.poll(() => cloud.world().ecs.instances.size).toBe(1)
  })

  test('takes stock away, gives notice to spot servers, and moves its clock', async () => {
    const ask = popCore('POST')
    await order('POST', 'stock', { zone: 'cn-hangzhou-h', instanceType: LAUNCH.InstanceType, left: 1 })
    await ask('RunInstances', { ...LAUNCH, SpotStrategy: 'SpotAsPriceGo' })
    await expect(ask('RunInstances', LAUNCH)).rejects.toMatchObject({ code: 'OperationDenied.NoStock' })
    const [id] = cloud.world().ecs.instances.keys()
    await order('POST', 'interrupt', { instance: id! })
    await clock.advance(5 * 60_000)
    expect(await order('GET', 'summary')).toMatchObject({ instances: {}, released: 1 })
    await order('POST', 'clock', { byMs: 3_600_000 })
    await expect(ask('DescribeZones', { RegionId })).rejects.toMatchObject({
      code: 'InvalidTimeStamp.Expired',
    })
  })

  test.each([
    ['faults', { kind: 'earthquake' }, 'kind: expected one of latency'],
    ['faults', { kind: 'html' }, 'status: expected a number'],
    ['faults', { kind: 'dies', share: 2 }, 'share: expected'],
    ['faults', { kind: 'dies', zone: 'a' }, 'zone: dies has no such field'],
    ['faults', { kind: 'dies', forMs: 0 }, 'forMs: expected'],
    ['interrupt', { instance: 'i-none' }, 'there is none of that id'],
    ['stock', {}, 'expected { zone'],
    ['clock', {}, 'byMs: expected'],
    ['measurements', { namespace: 'acs_alb' }, 'expected { namespace, metric'],
    ['measurements', { namespace: 'a', metric: 'b', dimensions: ['c'] }, 'dimensions: expected texts'],
    ['measurements', { namespace: 'a', metric: 'b', dimensions: {} }, 'value: expected a number'],
    ['weather', {}, 'GET /sandbox/summary'],
  ])('says of %s with %o what is wrong', async (path, body, message) => {
    const { Message } = await order('POST', path, body)
    expect(Message).toContain(message)
  })

  test('obeys no form of another site', async () => {
    const response = await fetch(`${cloud.url}/sandbox/clock`, { method: 'POST', body: '{"byMs":1}' })
    expect(response.status).toBe(400)
    expect(cloud.world().skewMs).toBe(0)
  })
})
