import { createRequire } from 'node:module'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import { type Served, serveSandbox } from '../../src/sandbox/serve.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'

/** By require: their ES module forms differ between Node and the test runner. */
const require = createRequire(import.meta.url)
const core: typeof import('@alicloud/openapi-core') = require('@alicloud/openapi-core')
const sdk: typeof import('@alicloud/alb20200616') = require('@alicloud/alb20200616')
const ecsSdk: typeof import('@alicloud/ecs20140526') = require('@alicloud/ecs20140526')

let clock: VirtualClock
let cloud: Served
beforeEach(async () => {
  // Clients sign with the time of the machine.
  clock = new VirtualClock(Date.now())
  cloud = await serveSandbox(sampleWorld(), { port: 0, clock })
})
afterEach(() => cloud[Symbol.asyncDispose]())

function config() {
  return new core.$OpenApiUtil.Config({
    accessKeyId: SAMPLE_KEY.id,
    accessKeySecret: SAMPLE_KEY.secret,
    endpoint: new URL(cloud.url).host,
    protocol: 'http',
    regionId: 'cn-hangzhou',
  })
}

async function instances(amount: number): Promise<readonly string[]> {
  const request = new ecsSdk.RunInstancesRequest({
    regionId: 'cn-hangzhou',
    imageId: 'sandbox-image',
    instanceType: 'ecs.g7.large',
    vSwitchId: 'vsw-sandbox-h',
    securityGroupId: 'sg-sandbox',
    amount,
  })
  const { body } = await new ecsSdk.default(config()).runInstances(request)
  await clock.advance(30_000)
  return body!.instanceIdSets!.instanceIdSet!
}

function balancerRequest() {
  const zones = ['h', 'i'].map(
    (zone) =>
      new sdk.CreateLoadBalancerRequestZoneMappings({
        zoneId: `cn-hangzhou-${zone}`,
        vSwitchId: `vsw-sandbox-${zone}`,
      }),
  )
  return new sdk.CreateLoadBalancerRequest({
    addressType: 'Intranet',
    loadBalancerEdition: 'Standard',
    loadBalancerBillingConfig: new sdk.CreateLoadBalancerRequestLoadBalancerBillingConfig({
      payType: 'PostPay',
    }),
    vpcId: 'vpc-sandbox',
    zoneMappings: zones,
    clientToken: 'once',
  })
}

function groupRequest() {
  return new sdk.CreateServerGroupRequest({
    serverGroupName: 'web',
    vpcId: 'vpc-sandbox',
    healthCheckConfig: new sdk.CreateServerGroupRequestHealthCheckConfig({
      healthCheckEnabled: true,
      healthCheckCodes: ['http_2xx', 'http_3xx'],
    }),
  })
}

function listenerRequest(loadBalancerId: string, serverGroupId: string) {
  const tuple = new sdk.CreateListenerRequestDefaultActionsForwardGroupConfigServerGroupTuples({
    serverGroupId,
  })
  const forward = new sdk.CreateListenerRequestDefaultActionsForwardGroupConfig({
    serverGroupTuples: [tuple],
  })
  const action = new sdk.CreateListenerRequestDefaultActions({
    type: 'ForwardGroup',
    forwardGroupConfig: forward,
  })
  const where = { loadBalancerId, listenerPort: 80, listenerProtocol: 'HTTP' }
  return new sdk.CreateListenerRequest({ ...where, defaultActions: [action] })
}

test('@alicloud/alb20200616 puts servers behind a load balancer, reads health, weights and jobs, and takes all of it away', async () => {
  const client = new sdk.default(config())
  const { loadBalancerId } = (await client.createLoadBalancer(balancerRequest())).body!
  expect((await client.createLoadBalancer(balancerRequest())).body!.loadBalancerId).toBe(loadBalancerId)
  const { serverGroupId } = (await client.createServerGroup(groupRequest())).body!
  const [ill, resting] = await instances(2)
  const servers = [ill, resting].map(
    (serverId, nth) =>
      new sdk.AddServersToServerGroupRequestServers({
        serverId: serverId!,
        serverType: 'Ecs',
        port: 8080,
        weight: nth === 0 ? 50 : 0,
        description: "tidegate's",
      }),
  )
  const { jobId } = (
    await client.addServersToServerGroup(new sdk.AddServersToServerGroupRequest({ serverGroupId, servers }))
  ).body!
  const { listenerId } = (await client.createListener(listenerRequest(loadBalancerId!, serverGroupId!))).body!
  const job = async () => {
    const { body } = await client.listAsynJobs(new sdk.ListAsynJobsRequest({ jobIds: [jobId!] }))
    return body!.jobs!.map(({ apiName, status }) => `${apiName} ${status}`)
  }
  expect(await job()).toEqual(['AddServersToServerGroup Processing'])
  await clock.advance(10_000)
  expect(await job()).toEqual(['AddServersToServerGroup Succeeded'])
  const list = await client.listServerGroupServers(new sdk.ListServerGroupServersRequest({ serverGroupId }))
  expect(list.body!.servers).toMatchObject([
    { serverId: ill, port: 8080, weight: 50, status: 'Available', description: "tidegate's" },
    { serverId: resting, weight: 0 },
  ])
  cloud.change((world) => ({ ...world, health: new Map([['127.10.0.1:8080', false]]) }))
  const { body: health } = await client.getListenerHealthStatus(
    new sdk.GetListenerHealthStatusRequest({ listenerId }),
  )
  expect(health!.listenerHealthStatus![0]!.serverGroupInfos![0]!.nonNormalServers).toMatchObject([
    { serverId: ill, status: 'Unhealthy', reason: { reasonCode: 'CONNECT_FAILED' } },
    { serverId: resting, status: 'Unused' },
  ])
  await client.deleteLoadBalancer(new sdk.DeleteLoadBalancerRequest({ loadBalancerId }))
  await clock.advance(2_000)
  await client.deleteServerGroup(new sdk.DeleteServerGroupRequest({ serverGroupId }))
  await clock.advance(2_000)
  const groups = await client.listServerGroups(new sdk.ListServerGroupsRequest())
  expect(groups.body!.totalCount).toBe(0)
})

test('@alicloud/alb20200616 hears code and status of a refusal', async () => {
  const request = new sdk.DeleteServerGroupRequest({ serverGroupId: 'sgp-none' })
  const error = await new sdk.default(config()).deleteServerGroup(request).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'ResourceNotFound.ServerGroup', statusCode: 404 })
})
