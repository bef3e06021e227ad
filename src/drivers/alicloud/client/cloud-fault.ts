import type { Millis } from '../../../core/time.ts'

/** What became of a call that has no value:
 *  - `throttled`, `busy`: refused for now and not done; `busy` means that the resource is being changed.
 *  - `unsent`: it never reached the cloud.
 *  - `lost`: it may or may not have been done: no whole answer came, or the cloud failed over it.
 *  - `unread`: done, but the answer is not what the documentation says.
 *  - `refused`: not done, and not to be repeated as it is. */
export type CloudFaultKind = 'throttled' | 'busy' | 'unsent' | 'lost' | 'unread' | 'refused'

export interface CloudFault {
  readonly kind: CloudFaultKind
  /** The cloud's own, such as `OperationDenied.NoStock`; `HTTP.502` and the like where it gave none. */
  readonly code: string
  readonly message: string
  /** For the cloud's support. */
  readonly requestId: string | null
  readonly status: number | null
  /** How long the cloud asks to wait. */
  readonly retryAfterMs: Millis | null
  /** What was asked, as RAM names it: `ecs:RunInstances`. */
  readonly operation?: string
  /** How far the clock of this machine goes before the cloud's, where that is a minute or more. */
  readonly aheadMs?: Millis
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: CloudFault }

/** Codes that say: something else is being done with it, come back. Collected from the documents and from what other controllers
 *  repeat. */
const BUSY = new Set([
  'BackendServer.configuring',
  'Conflict.Lock',
  'DependencyViolation.SLBConfiguring',
  'IncorrectBusinessStatus.LoadBalancer',
  'IncorrectInstanceStatus.Initializing',
  'IncorrectStatus.Listener',
  'IncorrectStatus.LoadBalancer',
  'IncorrectStatus.Rule',
  'IncorrectStatus.ServerGroup',
  'IncorrectStatus.serverGroup',
  'IncorrectVSwitchStatus',
  'Operation.Conflict',
  'OperationBusy',
  'OperationConflict',
  'OperationFailed.ListenerStatusNotSupport',
  'OperationFailed.ResourceIsConfiguring',
  'ResourceInConfiguring.Listener',
  'ServiceIsConfiguring',
  'ServiceIsStopping',
  'SystemBusy',
  'VServerGroupProcessing',
  'VipStatusNotSupport',
])

/** Codes that say: a call with this token is being done. */
const IN_PROCESS = new Set([
  'IdempotenceProcessing',
  'LX_REQUEST_TOKEN_CONFLICT',
  'LastRequestProcessing',
  'LastTokenProcessing',
  'OperationFailed.TokenIsProcessing',
])

const LOST = new Set(['InternalError', 'ServiceUnavailable', 'UnknownError'])

export function kindOf(status: number, code: string): CloudFaultKind {
  if (status === 429 || /^(Throttling|Rejected\.Throttling)(\.|$)/.test(code)) return 'throttled'
  if (BUSY.has(code) || isInProcess(code)) return 'busy'
  return status >= 500 || LOST.has(code) ? 'lost' : 'refused'
}

export function isInProcess(code: string): boolean {
  return IN_PROCESS.has(code)
}
