import type { Millis } from '../core/time.ts'

/**
 * How long the cloud takes, in one table. Where it documents a time, the source stands beside it; the others are of the order that its
 * users tell of.
 */
export const DELAYS = {
  /** RunInstances answers at once; `Pending` lasts seconds
   *  (https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-lifecycle). */
  pendingMs: 5_000,
  /** From `Starting` to `Running`. */
  startingMs: 20_000,
  stoppingMs: 10_000,
  /** A new instance is missing from lists for so long at most. */
  unlistedMs: 3_000,
  /** Between the sale of an instance that there is no room for and its end, `SystemFailure.Delete`
   *  (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances). */
  deadOnArrivalMs: 30_000,
  /** A spot instance is taken back so long after the notice
   *  (https://www.alibabacloud.com/help/en/ecs/user-guide/preemptible-instances). */
  spotNoticeMs: 5 * 60_000,
  /** CLB refuses the next change while the former is pending, "please try again later"
   *  (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-errorcodes). */
  configuringMs: 500,
  /** From `starting` to `running`, and from `stopping` to `stopped`. */
  listenerMs: 1_000,
  /** From the end of a period until its point is out. */
  pointMs: 30_000,
  /** The asynchronous operations of ALB have no documented time. The vendor's own cluster controller waits for one up to a minute, with a
   *  look a second (https://github.com/kubernetes/cloud-provider-alibaba-cloud). */
  albJobMs: 2_000,
  albCreatingMs: 30_000,
} as const satisfies Record<string, Millis>

export type Delays = Readonly<Record<keyof typeof DELAYS, Millis>>

/** A cloud that is so many times as fast, for those who cannot wait. */
export function delaysAt(speed: number): Delays {
  const faster = Object.entries(DELAYS).map(([name, ms]) => [name, ms / speed])
  return Object.fromEntries(faster) as Delays
}
