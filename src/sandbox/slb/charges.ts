import type { Millis } from '../../core/time.ts'
import type { World } from '../world.ts'
import type { LoadBalancer } from './state.ts'

const HOUR_MS = 3_600_000

/** In yuan by the hour, in Hangzhou. This and what follows:
 *  https://github.com/AlibabaCloudDocs/slb, "按量计费" (pay-as-you-go) of 2019. */
export const SPECS: Readonly<Record<string, number>> = {
  'slb.s1.small': 0,
  'slb.s2.small': 0.32,
  'slb.s2.medium': 0.63,
  'slb.s3.small': 1.27,
  'slb.s3.medium': 1.91,
  'slb.s3.large': 3.18,
}
/** For an address in the internet. */
const INSTANCE = 0.02
/** For each Mbit/s up to this many, and for each above. */
const CHEAP_MBIT = 5
const CHEAP = 0.04
const DEAR = 0.14
/** For each GiB to clients in the internet, where the bandwidth is not paid. */
const TRAFFIC = 0.8
const GIB = 1024 ** 3

/** What an hour of it costs, in yuan, without its traffic. */
function hourly({ addressType, spec, internetChargeType, bandwidth }: LoadBalancer): number {
  const forSpec = SPECS[spec] ?? 0
  if (addressType === 'intranet') return forSpec
  if (internetChargeType === 'paybytraffic') return forSpec + INSTANCE
  const forBandwidth = Math.min(bandwidth, CHEAP_MBIT) * CHEAP + Math.max(0, bandwidth - CHEAP_MBIT) * DEAR
  return forSpec + INSTANCE + forBandwidth
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
