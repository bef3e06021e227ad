import { replacementText } from '../core/replacement.ts'
import type { Decision, ServerState, ServerView } from '../core/scaling.ts'
import type { Intent, Receipt, Step, Verdict } from '../core/step.ts'
import type { Event } from '../core/store.ts'
import { formatDuration } from '../core/units.ts'
import { askedBy } from '../scaling/decide.ts'
import { isNews } from './backoff.ts'
import { inWords } from './order-words.ts'
import { isOpen } from './verdicts.ts'
import type { FleetView } from './view.ts'

export type NewEvent = Omit<Event, 'id'>

/** A step in a few words for people. Pure. */
export function describe(step: Step): string {
  switch (step.kind) {
    case 'launch':
      return `launch ${count(step.request.count)}`
    case 'put':
      return `${step.why} ${names(step.members.map((member) => member.id))} in pool ${step.pool}`
    case 'confirm':
      return `confirm ${names(step.ids)}`
    case 'drop':
      return `take ${names(step.ids)} out of pool ${step.pool}`
    case 'retire':
      return `retire ${names(step.ids)}`
    case 'park':
      return `stop and keep ${names(step.ids)}`
    default:
      return step satisfies never
  }
}

/** Everything of this tick that is worth a sentence. Pure. */
export function eventsOf(
  view: FleetView,
  decision: Decision,
  intents: readonly Intent[],
  receipts: readonly Receipt[],
): readonly NewEvent[] {
  const say = (kind: string) => (text: string) => ({
    at: view.now,
    scope: `fleet:${view.fleet.name}`,
    kind,
    text,
  })
  return [
    ...blindness(view).map(say('fault')),
    ...clock(view).map(say('fault')),
    ...expiries(view).map(say('order')),
    ...servers(view).map(say('server')),
    ...losses(view).map(say('server')),
    ...backoff(view).map(say('server')),
    ...replacement(view).map(say('decision')),
    ...view.verdicts.flatMap((verdict) => ended(verdict, view)).map(say('step')),
    ...changes(view, decision, intents).map(say('decision')),
    ...receipts.flatMap((receipt) => faults(receipt, view, intents)).map(say('fault')),
  ]
}

/** One tick without sight is no news: a start looks before the balancer knows its pools, and a gateway may be on its way back. */
function blindness({ blind, measured, fleet }: FleetView): readonly string[] {
  const { blindTicks } = measured
  if (blind.length > 0) {
    return blindTicks === 1 ? [`${fleet.name} cannot see and holds still: ${blind.join('; ')}`] : []
  }
  return blindTicks > 1 ? [`${fleet.name} sees everything again`] : []
}

function clock({ clockHoldUntilAt, measured, now }: FleetView): readonly string[] {
  if (clockHoldUntilAt === measured.memory.clockHoldUntilAt) return []
  const distance = formatDuration(Math.abs(now - measured.memory.tickAt))
  return [
    `${distance} passed between two ticks; nothing scales in for ${formatDuration(clockHoldUntilAt - now)}`,
  ]
}

function expiries({ measured }: FleetView): readonly string[] {
  return measured.expired.map((order) => `the order of ${order.by} has ended: ${inWords(order)}`)
}

/** What has become of each server since the last tick; after a restart nothing is news. */
function servers({ servers, measured }: FleetView): readonly string[] {
  const { before } = measured
  if (before === null) return []
  const news = servers.flatMap((server) =>
    before.get(server.id) === server.state ? [] : (stateNews(server, before.get(server.id)) ?? []),
  )
  const there = new Set(servers.map((server) => server.id))
  const gone = [...before.keys()].filter((id) => !there.has(id)).map((id) => `${id} is gone`)
  return [...news, ...gone]
}

/** Capacity that has gone missing without a change of state, or has come back. */
function losses({ servers, lost, measured: { lostBefore, before } }: FleetView): readonly string[] {
  const news = before === null ? [] : lost.filter((id) => !lostBefore.includes(id))
  const serving = servers.filter(({ state }) => state === 'serving')
  const back = serving.filter(({ id }) => lostBefore.includes(id) && !lost.includes(id))
  return [
    ...news.map((id) => `${id} is unhealthy: its capacity is missing`),
    ...back.map(({ id }) => `${id} counts again`),
  ]
}

function stateNews(server: ServerView, before: ServerState | undefined): string | null {
  switch (server.state) {
    case 'serving':
      return `${server.id} serves`
    case 'failed':
      return isNews(before) ? `${server.id} failed: ${server.detail ?? 'no reason is known'}` : null
    case 'draining':
      return `${server.id} drains`
    case 'launching':
    case 'starting':
    case 'checking':
    case 'retiring':
      return null
    default:
      return server.state satisfies never
  }
}

/** Why a launch was refused has been told when that was answered. */
function backoff({ backoff, measured, now, verdicts }: FleetView): readonly string[] {
  if (backoff === null || backoff.untilAt === measured.memory.backoff?.untilAt) return []
  const told = verdicts.findLast(
    ({ state, intent }) => state === 'failed' && measured.receipts.get(intent.token)?.ok === false,
  )
  const why = told === undefined ? backoff.why : backoff.why.replace(`: ${told.detail}`, '')
  return [`${why}; the next launch waits ${formatDuration(backoff.untilAt - now)}`]
}

/** How far it has come, whenever that changes. */
function replacement({ replacing, measured, fleet, orders, blind }: FleetView): readonly string[] {
  const before = measured.memory.replacement
  if (blind.length > 0 || orders.some(({ kind }) => kind === 'stop')) return []
  if (replacing === null) return before === null ? [] : [`${fleet.name}: replacement done`]
  const text = replacementText(fleet.name, replacing)
  return before !== null && replacementText(fleet.name, before) === text ? [] : [`${fleet.name}: ${text}`]
}

function ended(verdict: Verdict, { now }: FleetView): readonly string[] {
  const { intent, state, detail } = verdict
  if (isOpen(verdict) || (intent.step.kind === 'confirm' && state === 'landed')) return []
  const after = formatDuration(now - intent.at)
  return [`${describe(intent.step)}: ${state} after ${after}${detail === '' ? '' : ` (${detail})`}`]
}

function changes(view: FleetView, decision: Decision, intents: readonly Intent[]): readonly string[] {
  const changed = intents.some((intent) => intent.have !== intent.want)
  if (!changed) return []
  const by = askedBy(decision)
  const says = decision.because.find((reason) => reason.by === by)?.says ?? 'no reason is known'
  return [`${view.fleet.name} ${decision.have} -> ${decision.want}: ${says} (${by.replace(':', ' ')})`]
}

function faults(receipt: Receipt, view: FleetView, intents: readonly Intent[]): readonly string[] {
  if (receipt.ok) return []
  const intent = [...intents, ...view.intents].find((one) => one.token === receipt.token)
  const what = intent ? describe(intent.step) : receipt.token
  return [`${what}: ${receipt.message} (${receipt.code})`]
}

function count(servers: number): string {
  return servers === 1 ? '1 server' : `${servers} servers`
}

/** A long list says how long it is instead. */
function names(ids: readonly string[]): string {
  return ids.length <= 3 ? ids.join(', ') : count(ids.length)
}
