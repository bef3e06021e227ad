import type { Decision, Past, ScalingPolicy } from '../core/scaling.ts'
import type { Receipt } from '../core/step.ts'
import type { Memory } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import { lookBackMs } from '../scaling/past.ts'
import { isOpen } from './verdicts.ts'
import type { FleetView } from './view.ts'

/** A ring holds at most this many samples, whatever policies look back on. */
const MOST = 4000
/** Ticks that follow a step come quickly; their samples would only crowd the ring. */
const CLOSEST_MS = 500

/** What the next tick has to know. Bounded. Pure. */
export function remember(
  view: FleetView,
  decision: Decision,
  receipts: readonly Receipt[],
  policies: readonly ScalingPolicy[],
): Memory {
  const { measured, servers, now } = view
  const fromAt = now - lookBackMs(policies, view.fleet.guards)
  const draining = servers.flatMap((server): [string, Millis][] =>
    server.drainingSince === null ? [] : [[server.id, server.drainingSince]],
  )
  return {
    past: {
      samples: samplesOf(view, policies, fromAt),
      wants: wantsOf(view.past, decision, now, fromAt),
    },
    backoff: view.backoff,
    // A server that cannot be seen now drains still.
    draining: view.blind.length > 0 ? measured.memory.draining : Object.fromEntries(draining),
    confirmed: confirmedOf(view),
    receipts: receiptsOf(view, receipts),
    tickAt: now,
    clockHoldUntilAt: view.clockHoldUntilAt,
  }
}

/** Only of metrics that a policy reads: the rings are written with every tick. */
function samplesOf(
  { readings, past, now }: FleetView,
  policies: readonly ScalingPolicy[],
  fromAt: Millis,
): Past['samples'] {
  const names = new Set(policies.flatMap((policy) => policy.metrics))
  const rings = [...names].map((name) => {
    // Samples of the future are left over from before the clock was set back.
    const ring = (past.samples[name] ?? []).filter(({ at }) => at >= fromAt && at <= now)
    const reading = readings[name]
    const last = ring.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    const fresh = reading?.ok && reading.sample.at - last >= CLOSEST_MS ? [reading.sample] : []
    return [name, [...ring, ...fresh].slice(-MOST)] as const
  })
  return Object.fromEntries(rings.filter(([, ring]) => ring.length > 0))
}

function wantsOf(past: Past, { raw }: Decision, now: Millis, fromAt: Millis): Past['wants'] {
  const kept = past.wants.filter(({ at }) => at >= fromAt && at < now)
  return raw === null ? kept : [...kept, { at: now, want: raw }].slice(-MOST)
}

function confirmedOf({ verdicts, measured }: FleetView): readonly string[] {
  const landed = verdicts.flatMap(({ intent, state }) =>
    intent.step.kind === 'confirm' && state === 'landed' ? intent.step.ids : [],
  )
  const all = new Set([...measured.memory.confirmed, ...landed])
  return [...all].filter((id) => measured.seen.has(id))
}

/** Those of steps that are still open. */
function receiptsOf({ verdicts, measured }: FleetView, receipts: readonly Receipt[]): readonly Receipt[] {
  const open = new Set(verdicts.filter(isOpen).map((verdict) => verdict.intent.token))
  const old = [...measured.receipts.values()].filter((receipt) => open.has(receipt.token))
  const renewed = new Set(receipts.map((receipt) => receipt.token))
  return [...old.filter((receipt) => !renewed.has(receipt.token)), ...receipts]
}
