import type { Millis } from '../../core/time.ts'
import type { LoadBalancer } from './state.ts'

const HOUR_MS = 3_600_000

/** What one has cost by then, in yuan: the hourly price of its edition for every hour that has begun. The traffic that it carries has a price too, in capacity units,
 *  which the sandbox does not measure (https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/alb-billing-rules). */
export function spentOn({ createdAt, price, isFailed }: LoadBalancer, at: Millis): number {
  return isFailed ? 0 : price * Math.max(1, Math.ceil((at - createdAt) / HOUR_MS))
}
