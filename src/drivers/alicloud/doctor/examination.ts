import type { Examination, Finding, Repair } from '../../../core/finding.ts'
import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import type { AccountConfig } from '../account-keys.ts'
import type { CallCloud } from '../client/client.ts'
import type { Transport } from '../client/transport.ts'
import { ClockWatch, lookAtIdentity } from './identity.ts'

/** What one look gave. */
export interface Looked {
  readonly findings: readonly Finding[]
  readonly repairs: readonly Repair[]
}

/** Who calls, and what the clock says, and then what `look` finds. Where nobody is let in, every other look would say the same: there is
 *  none. */
export async function examineAccount(
  config: AccountConfig,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
  transport: Transport,
  look: (call: CallCloud) => Promise<Looked>,
): Promise<Examination> {
  const watch = new ClockWatch(transport, host.clock)
  const account = openAccount(config, host, watch.transport)
  const identity = await lookAtIdentity(account, signal)
  const nothing = { findings: [], repairs: [] }
  const { findings, repairs } = identity.level === 'problem' ? nothing : await look(account.call)
  return {
    findings: [identity, ...watch.finding(), ...findings],
    repairs,
    async [Symbol.asyncDispose]() {
      account.close()
    },
  }
}
