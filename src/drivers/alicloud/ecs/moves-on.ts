import type { CloudFault } from '../client/cloud-fault.ts'

/** What is short where it was asked for; another zone or type may have it. */
const MOVES_ON = new Set([
  'InvalidInstanceType.NotSupported',
  'InvalidInstanceType.ZoneNotSupported',
  'InvalidResourceType.NotSupported',
  'InvalidSpotPriceLimit.LowerThanPublicPrice',
  'InvalidVSwitchId.IpNotEnough',
  'InstanceType.Offline',
  'OperationDenied.NoStock',
  'OperationDenied.ResourceControl',
  'QuotaExceeded.PrivateIpAddress',
  'Zone.NotOnSale',
  'Zone.NotOpen',
])

export function movesOn({ kind, code }: CloudFault): boolean {
  // A private pool stands in one zone and has one type.
  return kind === 'refused' && (MOVES_ON.has(code) || /PrivatePool/.test(code))
}
