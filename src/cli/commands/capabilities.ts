import { type Capability, GATEWAY_CAPABILITIES } from '../../core/capabilities.ts'
import type { Output } from '../output.ts'
import { table } from '../table.ts'

/** `tidegate capabilities`: what the gateway can do, and who can do what it cannot. */
export function capabilities({ out, json }: { readonly out: Output; readonly json: boolean }): number {
  if (json) out.json({ gateway: GATEWAY_CAPABILITIES })
  else {
    const rows = GATEWAY_CAPABILITIES.map((one) => [
      out.say(one.name),
      out.say(one.has ? 'yes' : 'no'),
      told(one, out),
    ])
    for (const line of table(['CAPABILITY', 'GATEWAY', 'DETAIL'], rows, out.say)) out.quote(line)
  }
  return 0
}

function told({ detail, elsewhere }: Capability, { say }: Output): string {
  return elsewhere === undefined ? say(detail) : say(`${detail}; can: ${elsewhere.join(', ')}`)
}
