import { type Asked, Cloud } from './cloud.ts'

export const VPC = 'vpc-sandbox'
export const BALANCER = {
  LoadBalancerEdition: 'Standard',
  AddressType: 'Intranet',
  LoadBalancerBillingConfig: { PayType: 'PostPay' },
  VpcId: VPC,
  ZoneMappings: [
    { ZoneId: 'cn-hangzhou-h', VSwitchId: 'vsw-sandbox-h' },
    { ZoneId: 'cn-hangzhou-i', VSwitchId: 'vsw-sandbox-i' },
  ],
}
export const GROUP = {
  ServerGroupName: 'web',
  VpcId: VPC,
  HealthCheckConfig: { HealthCheckEnabled: true },
}
const LAUNCH = {
  ImageId: 'sandbox-image',
  InstanceType: 'ecs.g7.large',
  VSwitchId: 'vsw-sandbox-h',
  SecurityGroupId: 'sg-sandbox',
}

/** How a call names a server. */
export const server = (ServerId: string, over: object = {}) => ({
  ServerId,
  ServerType: 'Ecs',
  Port: 80,
  ...over,
})
export const forwardTo = (...ids: readonly string[]) => ({
  Type: 'ForwardGroup',
  ForwardGroupConfig: {
    ServerGroupTuples: ids.map((ServerGroupId) => ({
      ServerGroupId,
      ...(ids.length > 1 ? { Weight: 50 } : {}),
    })),
  },
})

/** The sandbox in this process, with what load balancers of ALB are made of. */
export class AlbCloud extends Cloud {
  alb(action: string, query: object = {}): Asked {
    return this.ask('alb', action, query as never)
  }

  /** The same, until its job has ended. */
  async done(action: string, query: object = {}): Promise<Asked> {
    const answer = this.alb(action, query)
    if (answer.Code !== undefined) throw new Error(`${action}: ${answer.Code} ${answer.Message}`)
    await this.advance(action === 'CreateLoadBalancer' ? 30_000 : 2_000)
    return answer
  }

  async balancer(over: object = {}): Promise<string> {
    return (await this.done('CreateLoadBalancer', { ...BALANCER, ...over })).LoadBalancerId
  }

  async group(over: object = {}): Promise<string> {
    return (await this.done('CreateServerGroup', { ...GROUP, ...over })).ServerGroupId
  }

  async listener(LoadBalancerId: string, group: string, over: object = {}): Promise<string> {
    const listener = { LoadBalancerId, ListenerPort: 80, ListenerProtocol: 'HTTP' }
    const DefaultActions = [forwardTo(group)]
    return (await this.done('CreateListener', { ...listener, DefaultActions, ...over })).ListenerId
  }

  async instances(Amount: number): Promise<readonly string[]> {
    const ids = this.ask('ecs', 'RunInstances', { ...LAUNCH, Amount }).InstanceIdSets.InstanceIdSet
    await this.advance(30_000)
    return ids
  }

  servers(ServerGroupId: string): Asked {
    return this.alb('ListServerGroupServers', { ServerGroupId }).Servers
  }

  jobStatus(JobId: string): string {
    return this.alb('ListAsynJobs', { JobIds: [JobId] }).Jobs[0].Status
  }
}
