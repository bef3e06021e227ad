/** What CLB costs an hour, in yuan, in Hangzhou, by specification. This and what follows:
 *  https://github.com/AlibabaCloudDocs/slb, "按量计费" (pay-as-you-go) of 2019. */
export const CLB_SPECIFICATIONS: Readonly<Record<string, number>> = {
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

/** What a GB costs that is sent to the internet, where that is paid; as with an EIP (https://github.com/AlibabaCloudDocs/eip, "按量付费"). */
export const TRAFFIC_GB = 0.8

/** What an hour of so many Mbit/s costs, where bandwidth is paid; as with an EIP. */
export function mbitHourly(mbit: number): number {
  return Math.min(mbit, CHEAP_MBIT) * CHEAP + Math.max(0, mbit - CHEAP_MBIT) * DEAR
}

/** What an hour of an instance costs, in yuan, without what it sends. A specification that is not listed costs nothing. */
export function clbHourly(about: {
  readonly specification: string
  readonly address: 'internet' | 'intranet'
  /** In Mbit/s, where that is paid; null = what is sent is paid. */
  readonly bandwidth: number | null
}): number {
  const { specification, address, bandwidth } = about
  const forSpecification = CLB_SPECIFICATIONS[specification] ?? 0
  if (address === 'intranet') return forSpecification
  if (bandwidth === null) return forSpecification + INSTANCE
  return forSpecification + INSTANCE + mbitHourly(bandwidth)
}
