/** Every fault that may cross a port: what it means and what to do about it. The one table; docs/reference/faults.md follows it. */
export const FAULTS = {
  'balancer.unreachable': 'The balancer does not answer. Is its process running?',
  'balancer.stale-epoch': 'A newer controller has taken over this balancer; this one must stop.',
  'balancer.unknown-pool': 'The balancer has no pool of that name; its configuration has not arrived yet.',
  'balancer.foreign-member':
    'Where one of our servers should be, a balancer has a member that Tidegate has not added; it is never touched. Remove it there.',
  'balancer.refused': 'The balancer refused the request; its message says why.',
  'fleet.launch-failed': 'The server could not be started; the message says why.',
  'fleet.confirm-failed':
    'A server that serves could not be confirmed, so it may be deleted by itself; it is tried again.',
  'fleet.list-failed': 'The list of servers could not be read; nothing is changed until it can.',
  'fleet.retire-failed': 'A server could not be stopped; it is tried again.',
  'metrics.failed': 'Metrics could not be read; nothing scales in until they can.',
  'port.taken': 'Another process listens on this port. Stop it, or choose another port in the configuration.',
  'store.busy':
    'Another Tidegate owns this state directory. Stop it with `tidegate down`, or choose another `state:`.',
  'store.failed': 'The state directory cannot be written; check its disk and its permissions.',
  'config.invalid': 'The configuration has errors; each is listed with its place.',
  'request.invalid': 'The request is not valid; its message says what was expected.',
  'request.unauthenticated':
    'The admin API needs a token; `tidegate token NAME` makes one. On the machine itself the command line finds its own.',
  'request.forbidden':
    'The admin API answers only requests for its own address, from no other site than itself, and orders only of tokens with the scope operate.',
  'request.limited': 'Too many requests of this kind; wait as long as the answer says.',
  'order.refused': 'The order would come to nothing now; the message says why, and what can be done.',
  'not-found': 'There is nothing of that name.',
  timeout: 'No answer came in time.',
  internal: 'A defect in Tidegate. Please report it with the log.',
} as const

export type FaultCode = keyof typeof FAULTS
/** Whose fault it is. */
export type FaultSource = 'user' | 'vendor' | 'network' | 'internal'
/** May the same call be made again? `unknown` = it may or may not have taken effect; only the same token may repeat it. */
export type FaultRetry = 'yes' | 'no' | 'unknown'

/** The one error that crosses a port. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly source: FaultSource
  readonly retry: FaultRetry

  constructor(
    code: FaultCode,
    message: string,
    about: { source: FaultSource; retry: FaultRetry; cause?: unknown },
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause })
    this.code = code
    this.source = about.source
    this.retry = about.retry
  }
}

/** Somebody asked for what cannot be: not to be asked again as it is. */
export function userFault(code: FaultCode, message: string): Fault {
  return new Fault(code, message, { source: 'user', retry: 'no' })
}

/** A message for people from whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Whatever was thrown, as a Fault: foreign errors are internal and not to be repeated. */
export function asFault(error: unknown, code: FaultCode = 'internal'): Fault {
  if (error instanceof Fault) return error
  return new Fault(code, messageOf(error), { source: 'internal', retry: 'no', cause: error })
}
