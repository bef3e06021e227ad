import { CLB_SPECIFICATIONS, clbHourly } from '../../../core/clb-price.ts'
import type { ClbOrder } from './order.ts'

/** `create slb.s2.small at an internet address`. */
export function creationText({ specification, address }: ClbOrder): string {
  return `create ${specification ?? 'one billed by use'} at an ${address} address`
}

/** What it costs; null = the list does not tell. */
export function priceText({ specification, address, bandwidth }: ClbOrder): string | null {
  if (specification === null || !Object.hasOwn(CLB_SPECIFICATIONS, specification)) return null
  const hourly = clbHourly({ specification, address, bandwidth }).toFixed(2)
  const traffic = address === 'internet' && bandwidth === null ? ' and what it sends' : ''
  return `about ${hourly} CNY an hour${traffic} (2019 list of Hangzhou)`
}
