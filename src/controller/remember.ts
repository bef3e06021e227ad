import { NO_ALERTS } from '../core/alerts.ts'
import type { Decision, ScalingPolicy } from '../core/scaling.ts'
import type { Receipt } from '../core/step.ts'
import type { Memory } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import { nextOthers } from '../scaling/others/others.ts'
import { nextAlerts } from './alerts.ts'
import { nextHeld, nextSpend } from './cost.ts'
import { nextPast } from './past.ts'
import { replacementOf } from './replacing.ts'
import { isOpen } from './verdicts.ts'
import type { FleetView } from './view.ts'

/** What the next tick has to know. Bounded. Pure. */
export function remember(
  view: FleetView,
  decision: Decision,
  receipts: readonly Receipt[],
  policies: readonly ScalingPolicy[],
): Memory {
  const { measured, servers, now } = view
  const draining = servers.flatMap((server): [string, Millis][] =>
    server.drainingSince === null ? [] : [[server.id, server.drainingSince]],
  )
  return {
    past: nextPast(view, decision, policies, measured.besides),
    backoff: view.backoff,
    // A server that cannot be seen now drains still.
    draining: view.blind.length > 0 ? measured.memory.draining : Object.fromEntries(draining),
    confirmed: confirmedOf(view),
    starts: measured.starts,
    ...(measured.surelyRps !== null && { surelyRps: measured.surelyRps }),
    want: view.blind.length > 0 ? measured.memory.want : decision.want,
    replacement: view.blind.length > 0 ? measured.memory.replacement : replacementOf(view.replacing),
    alerts: nextAlerts(measured.memory.alerts ?? NO_ALERTS, view, decision, policies),
    spend: nextSpend(view),
    budgetHeld: nextHeld(view, decision),
    others: nextOthers(view, measured.memory.others ?? {}),
    receipts: receiptsOf(view, receipts),
    tickAt: now,
    clockHoldUntilAt: view.clockHoldUntilAt,
  }
}

function confirmedOf({ verdicts, measured }: FleetView): readonly string[] {
  const landed = verdicts.flatMap(({ intent, state }) =>
    intent.step.kind === 'confirm' && state === 'landed' ? intent.step.ids : [],
  )
  const all = new Set([...measured.memory.confirmed, ...landed])
  // One that is kept starts anew.
  const kept = new Set(measured.kept.map(({ id }) => id))
  return [...all].filter((id) => measured.seen.has(id) && !kept.has(id))
}

/** Those of steps that are still open. */
function receiptsOf({ verdicts, measured }: FleetView, receipts: readonly Receipt[]): readonly Receipt[] {
  const open = new Set(verdicts.filter(isOpen).map((verdict) => verdict.intent.token))
  const old = [...measured.receipts.values()].filter((receipt) => open.has(receipt.token))
  const renewed = new Set(receipts.map((receipt) => receipt.token))
  return [...old.filter((receipt) => !renewed.has(receipt.token)), ...receipts]
}
