import type { Plan } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { Context } from '../context.ts'
import { changeText } from '../explain.ts'
import { nearWindows, stepLine, windowLine } from '../format.ts'
import type { Colour } from '../output.ts'
import { NO_FLEET } from './explain.ts'

const COLOURS: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red', '~': 'yellow' }

/** `tidegate plan`: what the running Tidegate would do next. Exit code 0 = nothing, 3 = something. To confirm a server that has
 *  joined changes nothing that anybody could see. */
export async function plan({ client, out, json, clock }: Context): Promise<number> {
  const { items } = await client.get<Page<Plan>>('/api/v1/plan')
  out.note(`This is the plan of the Tidegate that runs at ${client.url}.`)
  if (items.length === 0) out.note(NO_FLEET)
  if (json) out.json({ items, next: null })
  else
    for (const { fleet, decision, steps, windows } of items) {
      out.line(`${fleet}: ${changeText(decision)}${steps.length === 0 ? ', nothing to do' : ''}`)
      const now = clock.now()
      for (const window of nearWindows(windows, now))
        out.line(`  ${out.paint('dim', windowLine(window, now))}`)
      for (const line of steps.map(stepLine))
        out.line(`  ${out.paint(COLOURS[line.charAt(0)] ?? 'dim', line)}`)
    }
  return items.some(({ steps }) => steps.some(({ kind }) => kind !== 'confirm')) ? 3 : 0
}
