import { type AlertMemory, NO_ALERTS } from '../core/alerts.ts'
import type { Order } from '../core/order.ts'
import type { Other } from '../core/others.ts'
import type { Decision } from '../core/scaling.ts'
import type { Intent, Receipt } from '../core/step.ts'
import type { ClosedIntent, Entries, Seen } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import { lookedBackOn } from '../scaling/past.ts'
import { alertNews } from './alerts.ts'
import { eventsOf } from './events.ts'
import { isBeforeOrder } from './replacing.ts'
import type { Shaded } from './shadow.ts'
import type { tendTuning } from './tuning.ts'
import type { FleetView } from './view.ts'

/** Orders that `decide` looks at; the others are for `plan`. */
const DECISIVE: ReadonlySet<Order['kind']> = new Set(['pause', 'pin', 'stop'])

/** A decision that does not change is written whole this often. */
const AGAIN_AFTER_MS = 60_000

/** The last decision that the journal holds whole. */
export interface Journalled {
  readonly text: string
  readonly at: Millis
}

/** What the steps of this tick were and gave. */
export interface Done {
  readonly intents: readonly Intent[]
  /** Those that no tick before has written down. */
  readonly receipts: readonly Receipt[]
  /** As they are after this tick. */
  readonly alerts: AlertMemory
  /** What other ways to scale would have. */
  readonly others: readonly Other[]
  /** null = no configuration runs in shadow. */
  readonly shaded: Shaded | null
  /** What became of its tuning. */
  readonly tended: ReturnType<typeof tendTuning>
}

/** What a tick leaves in the journal. Pure. */
export function journal(view: FleetView, decision: Decision, done: Done, last: Journalled | null): Entries {
  const { now, readings, outlooks } = view
  const shadow = done.shaded?.decision ?? null
  const changed = last === null || textOf(decision, shadow) !== last.text || done.intents.length > 0
  const whole = changed || now - last.at >= AGAIN_AFTER_MS
  const servers = view.servers.map(({ id, state, inFlight }) => ({ id, state, inFlight }))
  return {
    tick: {
      at: now,
      readings: { ...besidesOf(view), ...readings },
      ...(Object.keys(outlooks).length > 0 && { outlooks }),
      seen: seenOf(view),
      servers,
      have: decision.have,
      want: decision.want,
      ...(shadow && { shadow: shadow.want }),
    },
    decision: whole
      ? {
          fleet: view.fleet.name,
          at: now,
          decision,
          readings,
          servers: view.servers.map(({ id, state }) => ({ id, state })),
          steps: done.intents,
          receipts: done.receipts,
          others: done.others,
          ...(shadow && { shadow }),
        }
      : null,
    events: [
      ...eventsOf(view, decision, done.intents, done.receipts),
      ...alertEvents(view, done.alerts),
      ...shadowEvents(view, done.shaded),
      ...tuningEvents(view, done.tended.events),
    ],
    closed: closedOf(view),
    doneOrders: [...doneOrders(view), ...done.tended.doneOrders],
  }
}

/** What nobody decides by and somebody looks back on. */
function besidesOf({ fleet, measured }: FleetView): Entries['tick']['readings'] {
  const names = lookedBackOn([], fleet.guards)
  return Object.fromEntries(
    Object.entries(measured.besides).flatMap(([name, reading]) =>
      reading && names.has(name) ? [[name, reading]] : [],
    ),
  )
}

function seenOf(view: FleetView): Seen {
  const { blind, backoff, resumable, lost, missing, orders, capacityRps, cost, clockHoldUntilAt, now } = view
  const decisive = orders.filter(({ kind }) => DECISIVE.has(kind))
  const taken = view.fleet.max - view.room
  return {
    ...(blind.length > 0 && { blind }),
    ...(backoff && backoff.untilAt > now && { backoff, resumable }),
    ...(lost.length > 0 && { lost }),
    ...(missing !== lost.length && { missing }),
    ...(taken !== view.have && { taken }),
    ...(decisive.length > 0 && { orders: decisive }),
    ...(capacityRps !== null && { capacityRps }),
    ...(cost && { cost }),
    ...(clockHoldUntilAt > now && { clockHoldUntilAt }),
    ...(view.fleet.tuned && { tuned: view.fleet.tuned }),
  }
}

/** A decision, and that of the shadow, without their figures, which change every tick. */
export function textOf({ have, want, because }: Decision, shadow: Decision | null = null): string {
  const text = JSON.stringify([have, want, ...because.map(({ by, from, to }) => [by, from, to])])
  return shadow === null ? text : `${text} ${textOf(shadow)}`
}

function shadowEvents({ now, fleet }: FleetView, shaded: Shaded | null): Entries['events'] {
  if (shaded === null || shaded.failure === null) return []
  const text = `${fleet.name}: its shadow has failed and decides no more: ${shaded.failure}`
  return [{ at: now, scope: `fleet:${fleet.name}`, kind: 'fault', text }]
}

function tuningEvents({ now, fleet }: FleetView, texts: readonly string[]): Entries['events'] {
  return texts.map((text) => ({ at: now, scope: `fleet:${fleet.name}`, kind: 'decision', text }))
}

function alertEvents({ now, fleet, measured }: FleetView, alerts: AlertMemory): Entries['events'] {
  const about = { at: now, scope: `fleet:${fleet.name}`, kind: 'alert' }
  return alertNews(measured.memory.alerts ?? NO_ALERTS, alerts).map((text) => ({ ...about, text }))
}

function closedOf({ verdicts }: FleetView): readonly ClosedIntent[] {
  return verdicts.flatMap(({ intent, state, detail }): ClosedIntent[] => {
    const ended = state === 'landed' || state === 'failed' || state === 'lapsed'
    return ended ? [{ token: intent.token, outcome: state, detail }] : []
  })
}

/** Drains of servers that are no more, and replacements that have left nobody of before. A stop is never done by itself: a fleet that is empty already would start anew. */
function doneOrders({ orders, measured, blind }: FleetView): readonly number[] {
  if (blind.length > 0) return []
  const awaited = measured.listed.some(
    (server) => server.phase !== 'failed' && isBeforeOrder(server, measured),
  )
  const done = orders.filter((order) => {
    if (order.kind === 'drain') return !measured.seen.has(order.server)
    return order.kind === 'replace' && !awaited
  })
  return done.map((order) => order.id)
}
