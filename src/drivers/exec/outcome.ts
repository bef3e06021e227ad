import type { FaultCode, FaultRetry, FaultSource } from '../../core/fault.ts'
import { Fault } from '../../core/fault.ts'
import type { LaunchReceipt, LaunchRequest } from '../../core/fleet.ts'
import { formatDuration } from '../../core/units.ts'
import { readLaunched } from './answer.ts'
import type { CommandName } from './config.ts'
import { type Ending, MAX_OUTPUT_BYTES } from './run.ts'

/** EX_TEMPFAIL of sysexits.h: the outcome is unknown, the same may be asked again. */
const TRY_AGAIN = 75

/** A command that has ended. */
export interface Outcome {
  readonly name: CommandName
  readonly ending: Ending
  readonly stdout: Buffer
  /** The last line of its stderr. */
  readonly says: string
  readonly timeoutMs: number
}

const CODES: Readonly<Record<CommandName, FaultCode>> = {
  list: 'fleet.list-failed',
  launch: 'fleet.launch-failed',
  retire: 'fleet.retire-failed',
  confirm: 'fleet.confirm-failed',
}

/** The fault of a command that did not end well; null when it did. */
export function faultOf(outcome: Outcome): Fault | null {
  const { ending, name } = outcome
  if (ending.how === 'exit' && ending.code === 0) return null
  const source: FaultSource = ending.how === 'not-started' ? 'user' : 'vendor'
  const known = ending.how === 'not-started' || (ending.how === 'exit' && ending.code !== TRY_AGAIN)
  return fault(name, whyOf(outcome), { source, retry: known ? 'no' : 'unknown' })
}

/** A fault of an answer that cannot be used, although the command says that all went well. */
export function faultOfAnswer(name: CommandName, problem: string): Fault {
  return fault(name, problem, { source: 'vendor', retry: 'unknown' })
}

/** What a launch gave. A failure that names servers is a partial success; one that names none promises that there are none.
 *  After a success that cannot be read nobody knows: the same token asks again, and the list decides. Throws Fault. */
export function receiptOf(request: LaunchRequest, outcome: Outcome): LaunchReceipt {
  const failure = faultOf(outcome)
  const answer = readLaunched(outcome.stdout, request.count)
  if (failure && (failure.retry === 'unknown' || !answer.ok || answer.value.ids.length === 0)) throw failure
  if (!answer.ok) throw faultOfAnswer('launch', answer.problem)
  const { ids, why } = answer.value
  const stopped = failure ? failure.message : why
  if (stopped === null && ids.length === request.count) return { token: request.token, ids }
  return { token: request.token, ids, why: stopped ?? `${ids.length} of ${request.count} were launched` }
}

function fault(name: CommandName, why: string, about: { source: FaultSource; retry: FaultRetry }): Fault {
  return new Fault(CODES[name], `the ${name} command: ${why}`, about)
}

function whyOf({ ending, says, timeoutMs }: Outcome): string {
  const rest = says === '' ? '' : `: ${says}`
  switch (ending.how) {
    case 'exit':
      return `exit code ${ending.code}${rest}`
    case 'signal':
      return `killed by ${ending.signal}${rest}`
    case 'timeout':
      return `killed, it did not end within ${formatDuration(timeoutMs)}${rest}`
    case 'too-much':
      return `killed, it printed more than ${MAX_OUTPUT_BYTES} bytes`
    case 'aborted':
      return `killed, nobody waits for it any more`
    case 'not-started':
      return ending.why
    default:
      return ending satisfies never
  }
}
