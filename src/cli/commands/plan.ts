import type { BalancerSummary, Plan } from '../../core/admin.ts'
import type { FleetAhead } from '../../core/ahead.ts'
import type { Page } from '../../core/api.ts'
import type { Purchase } from '../../core/balancer.ts'
import { replacementText } from '../../core/replacement.ts'
import type { Context } from '../context.ts'
import { changeText } from '../explain.ts'
import { nearWindows, stepLine, windowLine } from '../format.ts'
import type { Colour, Output } from '../output.ts'
import { NO_FLEET } from './explain.ts'

const COLOURS: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red', '~': 'yellow' }

/** A balancer that the file orders. */
type Ordered = Purchase & { readonly name: string }

/** `tidegate plan`: what the running Tidegate would do next, or has begun. Exit code 0 = nothing, 3 = something. To confirm a server that has
 *  joined changes nothing that anybody could see. */
export async function plan({ client, out, json, clock }: Context): Promise<number> {
  const { items } = await client.get<Page<Plan>>('/api/v1/plan')
  const balancers = orderedIn((await client.get<Page<BalancerSummary>>('/api/v1/balancers')).items)
  out.note(`This is the plan of the Tidegate that runs at ${client.url}.`)
  if (items.length === 0) out.note(NO_FLEET)
  if (json) out.json({ items, balancers, next: null })
  else {
    for (const one of balancers) purchaseLines(one, out)
    for (const one of items) {
      const { fleet, decision, steps, windows, replacement, open } = one
      out.line(`${fleet}: ${changeText(decision)}${isDone(one) ? ', nothing to do' : ''}`)
      const now = clock.now()
      if (replacement !== null) out.line(`  ${replacementText(fleet, replacement)}`)
      for (const step of open) out.line(`  under way: ${stepLine(step)}`)
      for (const window of nearWindows(windows, now))
        out.line(`  ${out.paint('dim', windowLine(window, now))}`)
      for (const line of steps.map(stepLine)) stepTo(line, out)
    }
  }
  return balancers.some(({ changes }) => changes.length > 0) || items.some(changesAnything) ? 3 : 0
}

/** What `tidegate up` would begin with. */
export interface Ahead {
  readonly balancers: readonly BalancerSummary[]
  readonly fleets: readonly FleetAhead[]
}

/** The same where no controller runs that could be asked. */
export function planAhead(
  { balancers, fleets }: Ahead,
  { out, json }: Pick<Context, 'out' | 'json'>,
): number {
  const ordered = orderedIn(balancers)
  const unseen = balancers.filter(({ blind }) => blind !== null)
  out.note(
    'No controller runs here: this is what `tidegate up` would begin with, by a look that changes nothing.',
  )
  if (json) out.json({ items: [], balancers: ordered, unseen, fleets, next: null })
  else {
    for (const { name, blind } of unseen) out.line(`${name}: blind: ${blind}`)
    for (const one of ordered) purchaseLines(one, out)
    for (const fleet of fleets) {
      out.line(fleetText(fleet))
      if (lacking(fleet) > 0) stepTo(`+ launch ${lacking(fleet)} ${fleet.name}`, out)
      if (fleet.policies.length > 0) out.line(`  ${out.paint('dim', policiesText(fleet))}`)
    }
  }
  return ordered.some(({ changes }) => changes.length > 0) || fleets.some((one) => lacking(one) > 0) ? 3 : 0
}

/** `api: 0 servers are there, 2 to 20 are to be`. */
function fleetText({ name, min, max, servers, blind }: FleetAhead): string {
  const there = servers === null ? 'what is there is not known' : `${servers} servers are there`
  return `${name}: ${there}, ${min} to ${max} are to be${blind === null ? '' : `: ${blind}`}`
}

/** The first looks of `up` may want more at once, where a history tells of other days. */
function policiesText({ policies }: FleetAhead): string {
  return `then what its policies ask for, by what is measured, the history and the calendar: ${policies.join(', ')}`
}

function lacking({ first, servers }: FleetAhead): number {
  return servers === null ? 0 : Math.max(0, first - servers)
}

function purchaseLines(one: Ordered, out: Output): void {
  out.line(purchaseText(one))
  for (const change of one.changes) stepTo(`${one.id === null ? '+' : '~'} ${change}`, out)
}

function stepTo(line: string, out: Output): void {
  out.line(`  ${out.paint(COLOURS[line.charAt(0)] ?? 'dim', line)}`)
}

function orderedIn(items: readonly BalancerSummary[]): readonly Ordered[] {
  return items.flatMap(({ name, purchase }) => (purchase === null ? [] : [{ name, ...purchase }]))
}

/** `shop: lb-1, 0.34 CNY an hour, nothing to do`. */
function purchaseText({ name, id, changes, price }: Ordered): string {
  const parts = [id ?? 'not created yet', price ?? 'price not known']
  return `${name}: ${[...parts, ...(changes.length === 0 ? ['nothing to do'] : [])].join(', ')}`
}

/** Also nothing that has been begun and goes on by itself. One that is paused or has stopped does not. */
function isDone({ steps, open, replacement }: Plan): boolean {
  return steps.length + open.length === 0 && replacement === null
}

function changesAnything({ steps, open, replacement }: Plan): boolean {
  return [...steps, ...open].some(({ kind }) => kind !== 'confirm') || replacement?.state === 'replacing'
}
