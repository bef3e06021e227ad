import { CAPABILITIES } from '../../config/capabilities.ts'
import type { Capability } from '../../core/capabilities.ts'
import type { Output } from '../output.ts'
import { table } from '../table.ts'

/** `tidegate capabilities`: what each kind of balancer can do, and who can do what it cannot. */
export function capabilities({ out, json }: { readonly out: Output; readonly json: boolean }): number {
  if (json) out.json(CAPABILITIES)
  else
    Object.entries(CAPABILITIES).forEach(([kind, all], nth) => {
      if (nth > 0) out.quote('')
      const rows = all.map((one) => [out.say(one.name), out.say(one.has ? 'yes' : 'no'), told(one, out)])
      for (const line of table(['CAPABILITY', kind.toUpperCase(), 'DETAIL'], rows, out.say)) out.quote(line)
    })
  return 0
}

function told({ detail, elsewhere }: Capability, { say }: Output): string {
  return elsewhere === undefined ? say(detail) : say(`${detail}; can: ${elsewhere.join(', ')}`)
}
