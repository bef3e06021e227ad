import type { BalancerSpec, PoolSpec } from '../../../core/balancer.ts'
import { CLB_SPECIFICATIONS } from '../../../core/clb-price.ts'
import type { Examination, Finding } from '../../../core/finding.ts'
import type { Host } from '../../../core/time.ts'
import { groupFinding, orderFindings, portFindings } from '../balancer/findings.ts'
import { absentVSwitches, absentZones } from '../balancer/order-places.ts'
import { oursAmong } from '../balancer/ours-among.ts'
import type { CallCloud } from '../client/client.ts'
import { nodeTransport, type Transport } from '../client/transport.ts'
import { examineAccount } from '../doctor/examination.ts'
import { unanswered } from '../doctor/look.ts'
import { type ClbConfig, clbPool } from './config.ts'
import { clbInstance } from './instance.ts'
import type { ClbOrder } from './order.ts'
import type { ListedListener } from './plan-listeners.ts'
import { listListeners } from './see-listeners.ts'
import { wordsOf } from './words.ts'

interface Look {
  readonly call: CallCloud
  readonly region: string
  readonly loadBalancer: string
  readonly host: Host
  readonly signal: AbortSignal
}

interface OrderLook extends Omit<Look, 'region' | 'loadBalancer'> {
  readonly config: ClbConfig
  /** Of the balancer in the file. */
  readonly name: string
}

/** Whether a CLB instance is there, and could carry this, or could be created as ordered. */
export async function examineClb(
  config: ClbConfig,
  { spec, host, signal }: { readonly spec: BalancerSpec; readonly host: Host; readonly signal: AbortSignal },
  transport: Transport = nodeTransport,
): Promise<Examination> {
  const { region, loadBalancer } = config
  return await examineAccount(config, { host, signal }, transport, async (call) => {
    if (typeof loadBalancer !== 'string')
      return {
        findings: await lookAtOrder({ call, config, name: spec.name, host, signal }, loadBalancer),
        repairs: [],
      }
    const look = { call, region, loadBalancer, host, signal }
    const instance = await lookAtInstance(look)
    if (instance.level === 'problem') return { findings: [instance], repairs: [] }
    const groups = await Promise.all(spec.pools.map((pool) => lookAtGroup(look, pool)))
    const wanted = spec.listeners.map(({ bind, protocol }) => ({
      port: bind.port,
      protocol: wordsOf(protocol).protocol,
    }))
    const isOurs = oursAmong(wanted, config)
    const ports = await portFindings(loadBalancer, spec.listeners, () => foreignPorts(look, isOurs))
    return { findings: [instance, ...groups.flat(), ...ports], repairs: [] }
  })
}

async function lookAtOrder(
  { call, config, name, host, signal }: OrderLook,
  order: ClbOrder,
): Promise<readonly Finding[]> {
  const { clock, installation } = host
  const look = { call, region: config.region, signal }
  const instance = clbInstance({ call, clock }, config, { installation, name })
  return [
    ...(await orderFindings(name, () => instance.purchase(signal))),
    ...unlisted(order),
    ...(await absentZones(look, order.zones)),
    ...(await absentVSwitches(look, order.vswitch === null ? [] : [order.vswitch])),
  ]
}

/** The cloud tells its specifications to nobody. */
function unlisted({ specification }: ClbOrder): readonly Finding[] {
  if (specification === null || Object.hasOwn(CLB_SPECIFICATIONS, specification)) return []
  const says = `${specification} is no specification that is known, and its price is not either`
  const fix = `name one of these: ${Object.keys(CLB_SPECIFICATIONS).join(', ')}`
  return [{ level: 'warning', about: 'balancers', says, fix }]
}

async function lookAtInstance({ call, region, loadBalancer, signal }: Look): Promise<Finding> {
  const about = 'balancers'
  const outcome = await call(
    {
      product: 'slb',
      action: 'DescribeLoadBalancerAttribute',
      query: { RegionId: region, LoadBalancerId: loadBalancer },
      read: (answer) => ({ status: answer.text('LoadBalancerStatus'), address: answer.text('Address') }),
    },
    signal,
  )
  if (!outcome.ok) return unanswered(about, outcome.fault)
  const { status, address } = outcome.value
  if (status === 'active') return { level: 'ok', about, says: `${loadBalancer} runs, at ${address}` }
  const fix = 'start it in the console; one that is locked has something to be paid first'
  return { level: 'problem', about, says: `${loadBalancer} carries nothing: it is ${status}`, fix }
}

/** The server group that the file names for a pool; one of our own is made when it is needed. */
async function lookAtGroup(
  { call, region, loadBalancer, host, signal }: Look,
  pool: PoolSpec,
): Promise<readonly Finding[]> {
  const about = 'server-groups'
  const { serverGroup, port } = clbPool(pool.part)
  // The default group is there anyway.
  if (serverGroup === null || port !== undefined) return []
  const outcome = await call(
    {
      product: 'slb',
      action: 'DescribeVServerGroupAttribute',
      query: { RegionId: region, VServerGroupId: serverGroup },
      read: (answer) => ({
        of: answer.has('LoadBalancerId') ? answer.text('LoadBalancerId') : loadBalancer,
        marks: answer
          .inside('BackendServers')
          .list('BackendServer')
          .map((one) => (one.has('Description') ? one.text('Description') : '')),
      }),
    },
    signal,
  )
  if (!outcome.ok) return [unanswered(about, outcome.fault)]
  const { of, marks } = outcome.value
  if (of !== loadBalancer) {
    const fix = `name a virtual server group of ${loadBalancer}, or none`
    return [{ level: 'problem', about, says: `${serverGroup} of pool ${pool.name} is one of ${of}`, fix }]
  }
  return [groupFinding({ group: serverGroup, pool: pool.name }, marks, host.installation)]
}

async function foreignPorts(
  { call, region, loadBalancer, host, signal }: Look,
  isOurs: (listener: ListedListener) => boolean,
): Promise<readonly number[]> {
  const about = { region, loadBalancer, installation: host.installation }
  const listed = await listListeners({ call, clock: host.clock }, about, signal)
  return listed.filter((listener) => !isOurs(listener)).map(({ port }) => port)
}
