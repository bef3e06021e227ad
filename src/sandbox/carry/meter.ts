import type { GatewayStats } from '../../core/control.ts'
import type { Measurement } from '../cms/state.ts'
import type { World } from '../world.ts'

/** What the gateway of all load balancers carries for one of them. */
interface Carries {
  readonly requestsASecond: number
  readonly errorsASecond: number
  readonly bitsASecond: number
  readonly connections: number
}

/** What CloudMonitor measures of a load balancer of each product, with the cloud's names:
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/monitoring-and-alerting-metrics,
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/user-guide/alb-monitoring-metrics. */
const PRODUCTS = [
  {
    namespace: 'acs_slb_dashboard',
    dimension: 'instanceId',
    balancers: ({ slb }: World) => slb.balancers,
    metrics: {
      InstanceQps: 'requestsASecond',
      InstanceStatusCode5xx: 'errorsASecond',
      InstanceTrafficTX: 'bitsASecond',
      InstanceActiveConnection: 'connections',
    },
  },
  {
    namespace: 'acs_alb',
    dimension: 'loadBalancerId',
    balancers: ({ alb }: World) => alb.of.loadbalancer,
    metrics: {
      LoadBalancerQPS: 'requestsASecond',
      LoadBalancerHTTPCode5XX: 'errorsASecond',
      LoadBalancerOutBits: 'bitsASecond',
      LoadBalancerActiveConnection: 'connections',
    },
  },
] as const

/** Of every load balancer, also of one that carries nothing. */
export function measurementsOf(world: World, stats: GatewayStats): readonly Measurement[] {
  return PRODUCTS.flatMap(({ namespace, dimension, balancers, metrics }) =>
    [...balancers(world).values()].flatMap(({ id, account }) => {
      const carries = carriedBy(id, stats)
      const about = { account, namespace, dimensions: { [dimension]: id } }
      return Object.entries(metrics).map(([metric, what]) => ({ ...about, metric, value: carries[what] }))
    }),
  )
}

/** Pools and listeners are named after their load balancer. */
function carriedBy(balancer: string, { pools, listeners, windowMs }: GatewayStats): Carries {
  const isOwn = ({ name }: { readonly name: string }) => name.startsWith(`${balancer}/`)
  const own = pools.filter(isOwn)
  const total = (of: (pool: GatewayStats['pools'][number]) => number) =>
    own.reduce((sum, pool) => sum + of(pool), 0)
  const perSecond = (count: number) => (windowMs === 0 ? 0 : count / (windowMs / 1000))
  return {
    requestsASecond: total(({ rps }) => rps),
    errorsASecond: perSecond(total(({ recent }) => recent.errors)),
    bitsASecond: perSecond(8 * total(({ recent }) => recent.sentToClients)),
    connections: listeners.filter(isOwn).reduce((sum, { connections }) => sum + connections, 0),
  }
}
