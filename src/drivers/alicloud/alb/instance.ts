import type { Alb } from './alb.ts'

/** An ALB instance, as far as it matters to what it carries. */
export interface AlbInstance {
  /** `Basic`, `Standard`, `StandardWithWaf`. */
  readonly edition: string
  readonly vpc: string
  /** By which clients reach it: its addresses may change. */
  readonly name: string
}

export async function readInstance(
  alb: Alb,
  loadBalancer: string,
  signal: AbortSignal,
): Promise<AlbInstance> {
  return await alb.read(
    { action: 'GetLoadBalancerAttribute', query: { LoadBalancerId: loadBalancer } },
    (answer) => ({
      edition: answer.text('LoadBalancerEdition'),
      vpc: answer.text('VpcId'),
      name: answer.text('DNSName'),
    }),
    `${loadBalancer} cannot be read`,
    signal,
  )
}
