import type { Finding, Patient } from '../../../core/finding.ts'
import type { Clock, Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { CloudFault } from '../client/cloud-fault.ts'
import type { EcsConfig } from '../ecs/config.ts'
import { adviceOf, saidBy } from '../faults.ts'

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
export function unanswered(about: string, fault: CloudFault): Finding {
  const says = `cannot be looked at: ${saidBy(fault)}`
  if (fault.kind !== 'refused' && fault.code !== 'Credentials')
    return { level: 'warning', about, says, fix: 'run this again; the cloud or the network did not answer' }
  return { level: 'problem', about, says, fix: fixOf(fault) }
}

export function fixOf(fault: CloudFault): string {
  return adviceOf(fault) ?? "ask the cloud's support, with the id of the request"
}
