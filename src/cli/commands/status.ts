import type { BalancerSummary, FleetStatus, PoolStatus } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { Member } from '../../core/balancer.ts'
import { canaryText } from '../../core/canary.ts'
import { replacementText } from '../../core/replacement.ts'
import { formatDuration } from '../../core/units.ts'
import type { Say } from '../../words/translate.ts'
import type { Context } from '../context.ts'
import { backoffLines } from '../explain.ts'
import { alertLine, nearWindows, orderLines, readingList, windowLine } from '../format.ts'
import { learnedLines } from '../learned.ts'
import type { Colour } from '../output.ts'
import { table } from '../table.ts'
import { tuningLines } from '../tuning-lines.ts'

/** What the API says, as `--json` prints it. */
export interface Seen {
  readonly fleets: readonly FleetStatus[]
  readonly pools: readonly PoolStatus[]
  readonly balancers: readonly BalancerSummary[]
}

/** `tidegate status`: fleets, servers and pools as they are now. */
export async function status(context: Context): Promise<number> {
  const { out, json } = context
  const seen = await see(context)
  if (json) out.json(seen)
  else for (const line of statusLines(context, seen)) out.line(line)
  return 0
}

export async function see({ client }: Context): Promise<Seen> {
  const [fleets, pools, balancers] = await Promise.all([
    client.get<Page<FleetStatus>>('/api/v1/fleets'),
    client.get<Page<PoolStatus>>('/api/v1/pools'),
    client.get<Page<BalancerSummary>>('/api/v1/balancers'),
  ])
  return { fleets: fleets.items, pools: pools.items, balancers: balancers.items }
}

export function statusLines(context: Context, { fleets, pools, balancers }: Seen): readonly string[] {
  const sections = [
    fleetLines(context, fleets),
    serverLines(context, fleets),
    ...pools.map((pool) => poolLines(context, pool)),
    balancers.flatMap(balancerLines),
  ]
  const [first = [], ...others] = sections.filter((lines) => lines.length > 0)
  return [...first, ...others.flatMap((lines) => ['', ...lines])].map(context.out.say)
}

function fleetLines({ out: { say } }: Context, fleets: readonly FleetStatus[]): string[] {
  if (fleets.length === 0) return []
  const rows = fleets.map((fleet) => [
    fleet.name,
    ...[fleet.min, fleet.desired, fleet.actual, fleet.ready, fleet.max].map(String),
    say(readingList(fleet.readings, fleet.metrics)),
  ])
  const notes = fleets.flatMap((fleet) => [
    ...(fleet.blind === null ? [] : [`${fleet.name}: blind: ${fleet.blind}`]),
    ...replacementLines(fleet),
    ...fleet.alerts.map((alert) => `${fleet.name}: alert ${alertLine(alert, fleet.lastTickAt)}`),
    ...exitLines(fleet),
    ...idleLines(fleet),
    ...backoffLines(fleet).map((line) => `${fleet.name}: launches: ${line}`),
    ...learnedLines(fleet.learned).map((line) => `${fleet.name}: learned: ${line}`),
    ...tuningLines(fleet).map((line) => `${fleet.name}: tuning: ${line}`),
    ...orderLines(fleet).map((line) => `${fleet.name}: ${line}`),
    ...nearWindows(fleet.windows, fleet.lastTickAt).map(
      (window) => `${fleet.name}: ${windowLine(window, fleet.lastTickAt)}`,
    ),
  ])
  const headings = ['FLEET', '>MIN', '>DESIRED', '>ACTUAL', '>READY', '>MAX', 'READINGS']
  return [...table(headings, rows, say), ...notes]
}

function replacementLines({ name, replacement }: FleetStatus): string[] {
  return replacement === null ? [] : [`${name}: ${replacementText(name, replacement)}`]
}

/** `api: ended by themselves: 2 out-of-memory, 1 code-3`. */
function exitLines({ name, exits }: FleetStatus): string[] {
  const list = exits.map(({ reason, count }) => `${count} ${reason}`).join(', ')
  return exits.length === 0 ? [] : [`${name}: ended by themselves: ${list}`]
}

/** `api: kept ready: 2 in reserve (1.36 an hour), 1 stopped`: what is paid for and not needed now. */
export function idleLines({ name, reserve, kept, servers }: FleetStatus): string[] {
  const prices = servers.flatMap(({ price }) => price ?? [])
  const each = prices.reduce((sum, price) => sum + price, 0) / prices.length
  const cost = prices.length === 0 ? '' : ` (${(reserve * each).toFixed(2)} an hour)`
  const parts = [
    ...(reserve > 0 ? [`${reserve} in reserve${cost}`] : []),
    ...(kept > 0 ? [`${kept} stopped`] : []),
  ]
  return parts.length === 0 ? [] : [`${name}: kept ready: ${parts.join(', ')}`]
}

function serverLines({ out, clock }: Context, fleets: readonly FleetStatus[]): string[] {
  const rows = fleets.flatMap((fleet) =>
    fleet.servers.map((server) => [
      server.id,
      out.paint(colourOf(server.state), server.state),
      countOf(server.inFlight),
      countOf(server.connections),
      formatDuration(Math.max(0, clock.now() - server.launchedAt)),
      server.address ?? '-',
      out.say(server.detail ?? ''),
    ]),
  )
  const headings = ['SERVER', 'STATE', '>IN-FLIGHT', '>CONNECTIONS', '>AGE', 'ADDRESS', 'DETAIL']
  return rows.length === 0 ? [] : table(headings, rows, out.say)
}

/** Of one that is as it should be, only its canaries. */
export function balancerLines({ name, blind, left, canaries }: BalancerSummary): string[] {
  return [
    ...(blind === null ? [] : [`${name}: blind: ${blind}`]),
    ...(left === null ? [] : [left]),
    ...canaries.map(canaryText),
  ]
}

export function poolLine({ name, algorithm, balancer, rps, inFlight }: PoolStatus): string {
  const load =
    inFlight === null ? `balancer ${balancer} tells no load` : `${countOf(rps)}/s, ${inFlight} in flight`
  return `pool ${name} (${algorithm}): ${load}`
}

function poolLines({ out }: Context, pool: PoolStatus): string[] {
  const panic = pool.panic ? `, ${out.paint('red', 'PANIC: too few members are healthy, all are used')}` : ''
  const headings = ['MEMBER', 'STATE', '>WEIGHT', '>IN-FLIGHT', '>RPS', '>P50', '>P95', '>P99', 'LAST CHECK']
  const rows = pool.members.map((member) =>
    memberRow(member, out.paint(colourOf(member.state), member.state), out.say),
  )
  return [`${poolLine(pool)}${panic}`, ...table(headings, rows, out.say)]
}

function memberRow(member: Member, state: string, say: Say): string[] {
  const { id, weight, effectiveWeight, inFlight, rps, probes } = member
  return [
    id,
    state,
    weight === effectiveWeight ? String(weight) : say(`${Number(effectiveWeight.toFixed(1))} of ${weight}`),
    countOf(inFlight),
    countOf(rps),
    ...[member.p50Ms, member.p95Ms, member.p99Ms].map((ms) => (ms === null ? '-' : formatDuration(ms))),
    say(probes.at(-1)?.detail ?? '-'),
  ]
}

/** With at most one decimal; a balancer that does not tell is a dash. */
function countOf(count: number | null): string {
  return count === null ? '-' : String(Number(count.toFixed(1)))
}

function colourOf(state: string): Colour {
  if (state === 'serving' || state === 'healthy') return 'green'
  return state === 'failed' || state === 'unhealthy' || state === 'ejected' ? 'red' : 'yellow'
}
