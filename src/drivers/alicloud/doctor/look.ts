import type { Finding, Patient } from '../../../core/finding.ts'
import type { Clock, Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { CloudFault } from '../client/cloud-fault.ts'
import type { EcsConfig } from '../ecs/config.ts'
import { adviceOf } from '../faults.ts'

/** What every look at an account needs. */
export interface Look {
  readonly call: CallCloud
  readonly config: EcsConfig
  readonly patient: Patient
  readonly installation: string
  readonly clock: Clock
  readonly now: Millis
  readonly signal: AbortSignal
}

/** The ECS server on which this runs. */
export interface Here {
  readonly id: string
  readonly ip: string
  readonly groups: readonly string[]
}

/** What is found where the cloud does not say. */
export function unanswered(about: string, { kind, code, message, requestId }: CloudFault): Finding {
  const request = requestId === null ? '' : ` (request ${requestId})`
  const says = `cannot be looked at: ${code}: ${message}${request}`
  if (kind !== 'refused' && code !== 'Credentials')
    return { level: 'warning', about, says, fix: 'run this again; the cloud or the network did not answer' }
  return { level: 'problem', about, says, fix: fixOf(code) }
}

export function fixOf(code: string): string {
  if (/^(Forbidden|NoPermission)/.test(code))
    return 'give these credentials what `tidegate alicloud policy` prints'
  return adviceOf(code) ?? "ask the cloud's support, with the id of the request"
}
