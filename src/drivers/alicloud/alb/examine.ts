import type { BalancerSpec, PoolSpec } from '../../../core/balancer.ts'
import type { Examination, Finding } from '../../../core/finding.ts'
import type { Host } from '../../../core/time.ts'
import { groupFinding, orderFindings, orFinding, portFindings } from '../balancer/findings.ts'
import { absentVSwitches } from '../balancer/order-places.ts'
import { oursAmong } from '../balancer/ours-among.ts'
import type { CallCloud } from '../client/client.ts'
import { nodeTransport, type Transport } from '../client/transport.ts'
import { examineAccount } from '../doctor/examination.ts'
import { unanswered } from '../doctor/look.ts'
import { Alb } from './alb.ts'
import { type AlbConfig, albPool } from './config.ts'
import { groupOf } from './groups.ts'
import { albInstance } from './instance.ts'
import { listListeners } from './see-listeners.ts'
import { type SeenInstance, seenInstance } from './seen-instance.ts'
import { isLeaving, listServers } from './servers.ts'
import { placeOf } from './wanted-listener.ts'

interface Look {
  readonly call: CallCloud
  readonly alb: Alb
  readonly installation: string
  readonly signal: AbortSignal
}

/** Whether an ALB instance is there, and could carry this, or could be created as ordered. */
export async function examineAlb(
  config: AlbConfig,
  { spec, host, signal }: { readonly spec: BalancerSpec; readonly host: Host; readonly signal: AbortSignal },
  transport: Transport = nodeTransport,
): Promise<Examination> {
  const { loadBalancer } = config
  const { clock, rng, installation } = host
  return await examineAccount(config, { host, signal }, transport, async (call) => {
    const look = { call, alb: new Alb({ call, clock }, rng), installation, signal }
    if (typeof loadBalancer !== 'string') {
      const instance = albInstance(look.alb, config, { installation, name: spec.name })
      const order = await orderFindings(spec.name, () => instance.purchase(signal))
      const places = await absentVSwitches({ call, region: config.region, signal }, loadBalancer.vswitches)
      return { findings: [...order, ...places], repairs: [] }
    }
    const { seen, finding } = await lookAtInstance(look, loadBalancer)
    if (seen === null) return { findings: [finding], repairs: [] }
    const groups = await Promise.all(spec.pools.map((pool) => lookAtGroup(look, pool, seen)))
    const ports = await portFindings(loadBalancer, spec.listeners, async () => {
      const listeners = await listListeners(look.alb, { loadBalancer, installation }, signal)
      const isOurs = oursAmong(spec.listeners.map(placeOf), config)
      return listeners.filter((one) => !isOurs(one)).map(({ port }) => port)
    })
    return { findings: [finding, ...groups.flat(), ...ports], repairs: [] }
  })
}

/** `seen` is null where nothing can be carried. */
async function lookAtInstance(
  { call, signal }: Look,
  loadBalancer: string,
): Promise<{ readonly seen: SeenInstance | null; readonly finding: Finding }> {
  const about = 'balancers'
  const query = { LoadBalancerId: loadBalancer }
  const outcome = await call(
    { product: 'alb', action: 'GetLoadBalancerAttribute', query, read: seenInstance },
    signal,
  )
  if (!outcome.ok) return { seen: null, finding: unanswered(about, outcome.fault) }
  const { status, name } = outcome.value
  if (status === 'Active' || status === 'Configuring')
    return {
      seen: outcome.value,
      finding: { level: 'ok', about, says: `${loadBalancer} runs, at ${name}` },
    }
  const fix =
    'wait until it is made, or start it in the console; one that is locked has something to be paid first'
  const says = `${loadBalancer} carries nothing: it is ${status}`
  return { seen: null, finding: { level: 'problem', about, says, fix } }
}

/** The server group that the file names for a pool; one of our own is made when it is needed. */
async function lookAtGroup(
  { call, alb, installation, signal }: Look,
  pool: PoolSpec,
  { id, vpc }: SeenInstance,
): Promise<readonly Finding[]> {
  const about = 'server-groups'
  const { serverGroup } = albPool(pool.part)
  if (serverGroup === null) return []
  const outcome = await call(
    {
      product: 'alb',
      action: 'ListServerGroups',
      query: { ServerGroupIds: [serverGroup] },
      read: (answer) => answer.list('ServerGroups').map(groupOf),
    },
    signal,
  )
  if (!outcome.ok) return [unanswered(about, outcome.fault)]
  const [group] = outcome.value
  const fix = `name a server group of instances or addresses in ${vpc}, or none`
  const problem = (says: string): readonly Finding[] => [{ level: 'problem', about, says, fix }]
  if (group === undefined) return problem(`there is no server group ${serverGroup} in this region`)
  if (group.type !== 'Instance' && group.type !== 'Ip')
    return problem(`${serverGroup} of pool ${pool.name} is a group of ${group.type}`)
  if (group.vpc !== '' && group.vpc !== vpc)
    return problem(`${serverGroup} of pool ${pool.name} stands in another network (VPC) than ${id}`)
  return await orFinding(about, async () => {
    const staying = (await listServers(alb, serverGroup, signal)).filter((one) => !isLeaving(one))
    const marks = staying.map(({ mark }) => mark)
    return [groupFinding({ group: serverGroup, pool: pool.name }, marks, installation)]
  })
}
