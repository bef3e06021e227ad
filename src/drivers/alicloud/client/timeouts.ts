import type { Millis } from '../../../core/time.ts'

/** What other controllers of this cloud give a call in general. */
const USUAL_MS = 20_000

/** A little more than the read timeouts that the vendor recommends, in its Go client's `api_timeout.go`. Giving up on RunInstances sooner
 *  leaves servers that are paid for and unknown. */
const TIMEOUTS_MS: Readonly<Record<string, Millis>> = {
  CreateAutoProvisioningGroup: 90_000,
  CreateInstance: 90_000,
  DeleteInstance: 70_000,
  DeleteInstances: 70_000,
  DescribeInstanceStatus: 30_000,
  DescribeSpotPriceHistory: 30_000,
  RunInstances: 90_000,
  StartInstance: 50_000,
  StartInstances: 50_000,
  StopInstance: 30_000,
  StopInstances: 30_000,
}

export function timeoutOf(action: string): Millis {
  return TIMEOUTS_MS[action] ?? USUAL_MS
}
