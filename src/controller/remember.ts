import { NO_ALERTS } from '../core/alerts.ts'
import type { Decision, Past, ScalingPolicy } from '../core/scaling.ts'
import type { Receipt } from '../core/step.ts'
import type { Memory } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import { lookBackMs } from '../scaling/past.ts'
import { nextAlerts } from './alerts.ts'
import { replacementOf } from './replacing.ts'
import { isOpen } from './verdicts.ts'
import type { FleetView } from './view.ts'

/** A ring holds at most this many entries, whatever policies look back on; who looks back far gets them further apart. */
const MOST = 4000
/** Ticks that follow a step come quickly; their samples would only crowd the ring. */
const CLOSEST_MS = 500
const CLOSEST_WANTS_MS = 1_000
/** Kept however old: fewer would not show how far apart the samples of a slow source are, and so none of its gaps. */
const FEWEST = 8

/** What the next tick has to know. Bounded. Pure. */
export function remember(
  view: FleetView,
  decision: Decision,
  receipts: readonly Receipt[],
  policies: readonly ScalingPolicy[],
): Memory {
  const { measured, servers, now } = view
  const backMs = lookBackMs(policies, view.fleet.guards)
  const draining = servers.flatMap((server): [string, Millis][] =>
    server.drainingSince === null ? [] : [[server.id, server.drainingSince]],
  )
  return {
    past: {
      samples: samplesOf(view, policies, backMs),
      wants: wantsOf(view, decision, backMs),
      ...(decision.beforeEvents !== undefined && { beforeEvents: decision.beforeEvents }),
      ...(decision.ineffective !== undefined && { ineffective: decision.ineffective }),
    },
    backoff: view.backoff,
    // A server that cannot be seen now drains still.
    draining: view.blind.length > 0 ? measured.memory.draining : Object.fromEntries(draining),
    confirmed: confirmedOf(view),
    want: view.blind.length > 0 ? measured.memory.want : decision.want,
    replacement: view.blind.length > 0 ? measured.memory.replacement : replacementOf(view.replacing),
    alerts: nextAlerts(measured.memory.alerts ?? NO_ALERTS, view, decision, policies),
    receipts: receiptsOf(view, receipts),
    tickAt: now,
    clockHoldUntilAt: view.clockHoldUntilAt,
  }
}

/** Only of metrics that a policy reads, and of the load that the guard `effect` compares them with: the rings are written with every
 *  tick. */
function samplesOf(
  { fleet, readings, past, now, measured }: FleetView,
  policies: readonly ScalingPolicy[],
  backMs: Millis,
): Past['samples'] {
  const apartMs = Math.max(CLOSEST_MS, backMs / MOST)
  const load = fleet.guards.effect === null ? [] : ['rps', 'throughput']
  const names = new Set([...policies.flatMap((policy) => policy.metrics), ...load])
  const rings = [...names].map((name) => {
    // Samples of the future are left over from before the clock was set back.
    const known = (past.samples[name] ?? []).filter(({ at }) => at <= now)
    const ring = known.filter(({ at }, nth) => at >= now - backMs || nth >= known.length - FEWEST)
    const reading = readings[name] ?? measured.besides[name]
    const last = ring.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    const fresh = reading?.ok && reading.sample.at - last >= apartMs ? [reading.sample] : []
    return [name, [...ring, ...fresh].slice(-MOST)] as const
  })
  return Object.fromEntries(rings.filter(([, ring]) => ring.length > 0))
}

/** Of wants that are close to each other only the highest and the lowest stay: patience asks for nothing else. */
function wantsOf({ past, now }: FleetView, { raw }: Decision, backMs: Millis): Past['wants'] {
  const kept = past.wants.filter(({ at }) => at >= now - backMs && at < now)
  if (raw === null) return kept
  const apartMs = Math.max(CLOSEST_WANTS_MS, (2 * backMs) / MOST)
  const period = Math.floor(now / apartMs)
  const before = kept.filter(({ at }) => Math.floor(at / apartMs) < period)
  const close = [...kept.slice(before.length), { at: now, want: raw }]
  const wants = close.map(({ want }) => want)
  const ends = [Math.max(...wants), Math.min(...wants)]
  const newest = ends.map((end) => wants.lastIndexOf(end))
  return [...before, ...close.filter((_want, index) => newest.includes(index))].slice(-MOST)
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
