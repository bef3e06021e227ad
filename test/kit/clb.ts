import { DELAYS } from '../../src/sandbox/delays.ts'
import { type Asked, Cloud } from './cloud.ts'

const SECOND_MS = 1_000

/** A sandbox in this process with a load balancer of CLB and three servers that run. */
export class Clb {
  readonly cloud = new Cloud()
  id = ''
  servers: readonly string[] = []

  async start(): Promise<void> {
    this.servers = this.launch(3)
    await this.cloud.advance(30 * SECOND_MS)
    this.id = this.create({ LoadBalancerSpec: 'slb.s2.small' })
  }

  launch(Amount: number): readonly string[] {
    return this.cloud.ask('ecs', 'RunInstances', {
      ImageId: 'sandbox-image',
      InstanceType: 'ecs.g7.large',
      VSwitchId: 'vsw-sandbox-h',
      SecurityGroupId: 'sg-sandbox',
      Amount,
    }).InstanceIdSets.InstanceIdSet
  }

  create(query: object = {}): string {
    return this.ask('CreateLoadBalancer', query).LoadBalancerId
  }

  /** Of the load balancer, where the query names no other one. */
  ask(action: string, query: object = {}): Asked {
    return this.cloud.ask('slb', action, { LoadBalancerId: this.id, ...query } as never)
  }

  /** Until a change is done with. */
  async settle(): Promise<void> {
    await this.cloud.advance(DELAYS.configuringMs)
  }

  /** The same, whose answer must be no refusal. */
  async done(action: string, query: object = {}): Promise<Asked> {
    const answer = this.ask(action, query)
    if (answer.Code !== undefined) throw new Error(`${action}: ${answer.Code} ${answer.Message}`)
    await this.settle()
    return answer
  }

  /** A virtual group with the first servers of the sandbox, each on port 80. */
  async group(servers: number): Promise<string> {
    const members = this.servers.slice(0, servers).map((ServerId) => ({ ServerId, Port: 80 }))
    const query = { BackendServers: JSON.stringify(members) }
    return (await this.done('CreateVServerGroup', query)).VServerGroupId
  }

  async running(kind: string, query: object): Promise<void> {
    await this.done(`CreateLoadBalancer${kind}Listener`, query)
    const { ListenerPort } = query as { ListenerPort: number }
    await this.done('StartLoadBalancerListener', { ListenerPort, ListenerProtocol: kind.toLowerCase() })
    await this.cloud.advance(DELAYS.listenerMs)
  }
}
