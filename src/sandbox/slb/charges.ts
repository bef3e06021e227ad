import { clbHourly } from '../../core/clb-price.ts'
import type { Millis } from '../../core/time.ts'
import type { World } from '../world.ts'
import type { LoadBalancer } from './state.ts'

const HOUR_MS = 3_600_000

/** For each GiB to clients in the internet, where the bandwidth is not paid; of the same list. */
const TRAFFIC = 0.8
const GIB = 1024 ** 3

function hourly({ addressType, spec, internetChargeType, bandwidth }: LoadBalancer): number {
  return clbHourly({
    specification: spec,
    address: addressType,
    bandwidth: internetChargeType === 'paybybandwidth' ? bandwidth : null,
  })
}

function traffic({ addressType, internetChargeType, sentBytes }: LoadBalancer): number {
  const isPaid = addressType === 'internet' && internetChargeType === 'paybytraffic'
  return isPaid ? (sentBytes / GIB) * TRAFFIC : 0
}

/** What it has cost by then, in yuan: an hour that has begun is paid. */
export function spentOn(balancer: LoadBalancer, at: Millis): number {
  return paid(balancer, at).spent
}

/** The same with its cost up to now written down, so that its price may change: the hour that has begun is at the former one. */
export function paid(balancer: LoadBalancer, at: Millis): LoadBalancer {
  const hours = Math.floor(Math.max(0, at - balancer.createdAt) / HOUR_MS) + 1
  const more = hourly(balancer) * (hours - balancer.hoursPaid) + traffic(balancer)
  return { ...balancer, spent: balancer.spent + more, hoursPaid: hours, sentBytes: 0 }
}

/** So many bytes more were sent to clients, by the id of the load balancer. */
export function withSent(world: World, sent: ReadonlyMap<string, number>): World {
  const balancers = new Map(
    [...world.slb.balancers].map(([id, balancer]) => {
      const sentBytes = balancer.sentBytes + (sent.get(id) ?? 0)
      return [id, { ...balancer, sentBytes }]
    }),
  )
  return { ...world, slb: { ...world.slb, balancers } }
}
