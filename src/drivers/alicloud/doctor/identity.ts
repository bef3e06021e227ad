import { messageOf } from '../../../core/fault.ts'
import { type Finding, UNREACHED } from '../../../core/finding.ts'
import type { Clock, Millis } from '../../../core/time.ts'
import { formatDuration } from '../../../core/units.ts'
import type { Account } from '../account.ts'
import type { CloudFault } from '../client/cloud-fault.ts'
import type { Transport } from '../client/transport.ts'
import { saidBy } from '../faults.ts'
import { unanswered } from './look.ts'

/** Whose keys they are, and where they were found. */
export async function lookAtIdentity(account: Account, signal: AbortSignal): Promise<Finding> {
  const about = 'credentials'
  let source: string
  try {
    source = await account.credentialSource(signal)
  } catch (error) {
    const fix =
      'set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`'
    return { level: 'problem', about, says: messageOf(error), fix }
  }
  const outcome = await account.call(
    {
      product: 'sts',
      action: 'GetCallerIdentity',
      query: {},
      read: (answer) => ({ kind: answer.text('IdentityType'), arn: answer.text('Arn') }),
    },
    signal,
  )
  if (!outcome.ok) return isSilence(outcome.fault) ? silent(outcome.fault) : unanswered(about, outcome.fault)
  const { kind, arn } = outcome.value
  if (kind === 'Account') {
    const fix = 'make a RAM user or role of its own, and give it what `tidegate alicloud policy` prints'
    return { level: 'warning', about, says: `${arn}, by ${source}: it may do anything in the account`, fix }
  }
  return { level: 'ok', about, says: `${arn}, by ${source}` }
}

function isSilence({ kind, code }: CloudFault): boolean {
  return (kind === 'unsent' || kind === 'lost') && code !== 'Credentials'
}

/** What does not answer this call answers no other. */
function silent(fault: CloudFault): Finding {
  const fix =
    'see whether this machine reaches it: its names (DNS), its proxy, its firewall; nothing else was looked at'
  return { level: 'problem', about: UNREACHED, says: `the cloud does not answer: ${saidBy(fault)}`, fix }
}

/** The cloud refuses what is signed a quarter of an hour early or late; the client then goes by the cloud's time, but nothing else does. */
const REFUSED_MS = 15 * 60_000
const SUSPECT_MS = 60_000

/** Sees the cloud's time in each answer. */
export class ClockWatch {
  readonly transport: Transport
  /** How far this machine's clock goes before the cloud's; null = it has not said. */
  #aheadMs: Millis | null = null

  constructor(transport: Transport, clock: Clock) {
    this.transport = async (request, signal) => {
      const answer = await transport(request, signal)
      const at = Date.parse(answer.headers.date ?? '')
      if (!Number.isNaN(at)) this.#aheadMs = clock.now() - at
      return answer
    }
  }

  finding(): readonly Finding[] {
    if (this.#aheadMs === null) return []
    const about = 'clock'
    const byMs = Math.abs(this.#aheadMs)
    // The cloud writes whole seconds, and the answer has been on its way.
    if (byMs < SUSPECT_MS)
      return [{ level: 'ok', about, says: 'this machine and the cloud agree on the time' }]
    const side = this.#aheadMs > 0 ? 'ahead of' : 'behind'
    const says = `the clock of this machine is ${formatDuration(Math.round(byMs / 1000) * 1000)} ${side} the cloud's`
    const level = byMs < REFUSED_MS ? 'warning' : 'problem'
    return [{ level, about, says, fix: 'set it by NTP: new servers get their release time by it' }]
  }
}
