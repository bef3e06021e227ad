import { canonical } from '../core/canonical.ts'
import type { Millis } from '../core/time.ts'
import type { Call, Done, Operation } from './operation.ts'
import { Refusal } from './refusal.ts'
import { withEntry } from './world.ts'

const MAX_LENGTH = 64
/** No time is documented. A day is longer than anybody repeats a call. */
const KEPT_MS = 24 * 60 * 60_000

/** Does it once for a token: the same call again gives the same answer, another one with its token is refused.
 *  https://www.alibabacloud.com/help/en/ecs/developer-reference/how-to-ensure-idempotence */
export function once(call: Call, action: string, operation: Operation, takesMs: Millis): Done {
  const token = operation.inProcess === undefined ? '' : call.given.text('ClientToken')
  if (token === '') return operation.run(call)
  if (token.length > MAX_LENGTH || /[^\x21-\x7e]/.test(token))
    throw new Refusal(
      'InvalidClientToken.ValueNotSupported',
      'clienttoken is not valid: at most 64 ASCII characters.',
    )
  const { world, now } = call
  const key = `${call.account} ${call.region} ${action} ${token}`
  const asked = canonical(call.given.tree)
  const known = world.tokens.get(key)
  if (known !== undefined && now - known.at < KEPT_MS) {
    if (known.asked !== asked)
      throw new Refusal(
        'IdempotentParameterMismatch',
        'The request uses the same client token as a previous, but non-identical request.',
      )
    if (now < known.doneAt)
      throw new Refusal(operation.inProcess!, 'The last request with this token is processing.')
    return { world, body: known.body }
  }
  const done = operation.run(call)
  const remembered = { asked, at: now, doneAt: now + takesMs, body: done.body }
  return { ...done, world: { ...done.world, tokens: withEntry(done.world.tokens, key, remembered) } }
}
