import type { BalancerSummary, Plan } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { Purchase } from '../../core/balancer.ts'
import type { Context } from '../context.ts'
import { changeText } from '../explain.ts'
import { nearWindows, stepLine, windowLine } from '../format.ts'
import type { Colour } from '../output.ts'
import { NO_FLEET } from './explain.ts'

const COLOURS: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red', '~': 'yellow' }

/** A balancer that the file orders. */
type Ordered = Purchase & { readonly name: string }

/** `tidegate plan`: what the running Tidegate would do next. Exit code 0 = nothing, 3 = something. To confirm a server that has
 *  joined changes nothing that anybody could see. */
export async function plan({ client, out, json, clock }: Context): Promise<number> {
  const { items } = await client.get<Page<Plan>>('/api/v1/plan')
  const balancers = orderedIn(await client.get<Page<BalancerSummary>>('/api/v1/balancers'))
  out.note(`This is the plan of the Tidegate that runs at ${client.url}.`)
  if (items.length === 0) out.note(NO_FLEET)
  if (json) out.json({ items, balancers, next: null })
  else {
    for (const one of balancers) {
      out.line(purchaseText(one))
      for (const change of one.changes) step(`${one.id === null ? '+' : '~'} ${change}`)
    }
    for (const { fleet, decision, steps, windows } of items) {
      out.line(`${fleet}: ${changeText(decision)}${steps.length === 0 ? ', nothing to do' : ''}`)
      const now = clock.now()
      for (const window of nearWindows(windows, now))
        out.line(`  ${out.paint('dim', windowLine(window, now))}`)
      for (const line of steps.map(stepLine)) step(line)
    }
  }
  return balancers.some(({ changes }) => changes.length > 0) || items.some(changesAnything) ? 3 : 0

  function step(line: string): void {
    out.line(`  ${out.paint(COLOURS[line.charAt(0)] ?? 'dim', line)}`)
  }
}

function orderedIn({ items }: Page<BalancerSummary>): readonly Ordered[] {
  return items.flatMap(({ name, purchase }) => (purchase === null ? [] : [{ name, ...purchase }]))
}

/** `shop: lb-1, 0.34 CNY an hour, nothing to do`. */
function purchaseText({ name, id, changes, price }: Ordered): string {
  const parts = [id ?? 'not created yet', price ?? [], changes.length === 0 ? 'nothing to do' : []].flat()
  return `${name}: ${parts.join(', ')}`
}

function changesAnything({ steps }: Plan): boolean {
  return steps.some(({ kind }) => kind !== 'confirm')
}
