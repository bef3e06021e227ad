import { Fault, type FaultCode } from '../../core/fault.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import type { CloudFault } from './client/cloud-fault.ts'

const NAMED_WRONG = 'what the file names has to be put right'

/** What to do, by how a code begins. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^(Account\.Arrearage|InvalidAccountStatus|InsufficientBalance)/, 'the account has to be topped up'],
  [/^QuotaExceed/, 'the quota has to be raised in the Quota Center, or max of the fleet lowered'],
  [
    /^InvalidAccessKeyId|^SignatureDoesNotMatch|^InvalidSecurityToken|^Credentials/,
    'the credentials are wrong or have ended',
  ],
  [/^402$|^LimitExceeded/, 'the free calls of the month are used up, and pay-as-you-go is not switched on'],
  [/^InvalidTimeStamp/, 'the clock of this machine is wrong'],
  [/Delet(e|ion)Protection/, 'its deletion protection has to be switched off by whoever switched it on'],
  [/^ChargeTypeViolation/, 'it is paid for in advance and cannot be released before its time'],
  [
    /^NetworkConflict|Vpc(Id)?(NotMatch|Mismatch)|^Mismatch\.VpcId/,
    'it stands in another network (VPC) than the balancer',
  ],
  [/^ObtainIpFail|^ResourceNotFound\.Ecs/, 'a server has to exist and to run before it can join'],
  [
    /NumberOverLimit$|^ResourceQuotaExceeded\.\w*Servers/,
    'the balancer has as many as it may have; its quota has to be raised, or max of the fleet lowered',
  ],
  [/^InvalidRegionId/, 'there is no such region'],
  [/NotFound(\.|$)|^Invalid/, NAMED_WRONG],
]

const IN_ONE_VPC =
  'the security groups and vSwitches of a fleet have to be of one VPC: `tidegate doctor alicloud` says of which each is'

/** Keys of the file, by how the code begins that refuses what stands there. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/^InvalidImage/, 'image'],
  [/^InvalidInstanceType/, 'instance-types'],
  [/^InvalidV[Ss]witch/, 'vswitches'],
  [/^InvalidSecurityGroup/, 'security-groups'],
  [/^InvalidKeyPair/, 'key-pair'],
  [/^InvalidRamRole/, 'ram-role'],
  [/^InvalidUserData/, 'user-data'],
  [/^InvalidLaunchTemplate/, 'launch-template'],
  [/^Invalid(System)?Disk/, 'disk'],
  [/^InvalidPrivatePool/, 'private-pool'],
  [/^InvalidSpotPriceLimit/, 'spot'],
  [/^(InvalidLoadBalancer|ResourceNotFound\.LoadBalancer)/, 'load-balancer'],
  [/VServerGroup|^ResourceNotFound\.ServerGroup/, 'server-group'],
]

/** What to do about it; undefined = nobody knows. */
export function adviceOf({ code, message, operation, aheadMs }: CloudFault): string | undefined {
  if (isForbidden(code))
    return `these credentials need ${operation ?? 'more permissions'}: see \`tidegate alicloud policy\``
  if (aheadMs !== undefined && /^Invalid(AutoReleaseTime|TimeStamp)/.test(code)) return clockAdvice(aheadMs)
  if (/^InvalidParameter\.Conflict/.test(code) && /VPC/i.test(message)) return IN_ONE_VPC
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1]
  const key = KEYS.find(([pattern]) => pattern.test(code))?.[1]
  return advice === NAMED_WRONG && key !== undefined ? `${key} of the file has to be put right` : advice
}

function clockAdvice(aheadMs: Millis): string {
  const by = formatDuration(Math.round(Math.abs(aheadMs) / 1000) * 1000)
  return `the clock of this machine is ${by} ${aheadMs > 0 ? 'ahead of' : 'behind'} the cloud's; set it by NTP`
}

/** A fault of the cloud's as the controller hears it: what it means, whether the same may be asked again, and whom to show it to. */
export function faultOf(code: FaultCode, doing: string, fault: CloudFault): Fault {
  const advice = adviceOf(fault)
  const message = `${doing}: ${saidBy(fault)}${advice === undefined ? '' : `; ${advice}`}`
  return new Fault(code, message, { source: sourceOf(fault), retry: retryOf(fault), cause: fault })
}

/** Nothing where the RAM policy does not let these credentials see what there is: a policy for what they have made would. */
export async function noneIfForbidden<T>(listing: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await listing
  } catch (error) {
    if (error instanceof Fault && isForbidden((error.cause as Partial<CloudFault> | undefined)?.code ?? ''))
      return []
    throw error
  }
}

function isForbidden(code: string): boolean {
  return /^(Forbidden|NoPermission)/.test(code)
}

/** Its words, and what its support asks for. */
export function saidBy({ code, message, requestId }: CloudFault): string {
  return `${code}: ${message}${requestId === null ? '' : ` (request ${requestId})`}`
}

function sourceOf({ kind, code }: CloudFault): Fault['source'] {
  if (kind === 'lost' || kind === 'unsent') return code === 'Credentials' ? 'user' : 'network'
  return 'vendor'
}

/** What never came to be done may be asked again, also with another token. */
function retryOf({ kind, code }: CloudFault): Fault['retry'] {
  // A call with this token has been done, or is being done: the list will show what came of it.
  if (code === 'IdempotentParameterMismatch') return 'unknown'
  switch (kind) {
    case 'throttled':
    case 'busy':
    case 'unsent':
      return 'yes'
    case 'lost':
    case 'unread':
      return 'unknown'
    case 'refused':
      return 'no'
    default:
      return kind satisfies never
  }
}
