import { perObject } from '../core/per-object.ts'
import type { Change, ServerView } from '../core/scaling.ts'
import { type IntentRecord, sequenceOf, type Verdict } from '../core/step.ts'
import { sum } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'
import { lostOf } from '../scaling/lost.ts'
import { backoffOf } from './backoff.ts'
import { costOf } from './cost.ts'
import type { Measured } from './measured.ts'
import { COUNTED, drainedOf, haveOf, replacingOf } from './replacing.ts'
import { withoutReserve } from './reserve.ts'
import { isOpen, verdicts } from './verdicts.ts'
import type { FleetView } from './view.ts'

/** A step of the clock beyond this is a jump, and old figures mean little. */
const JUMP_MS = 30_000
const HOLD_AFTER_JUMP_MS = 60_000

/** The world as it is, and whether the open steps have landed. Pure. */
export function verify(measured: Measured): FleetView {
  const { servers, memory, now } = measured
  const judged = verdicts(measured)
  const total = servers.filter(({ state }) => COUNTED.includes(state)).length + unlisted(measured).length
  const replacing = replacingOf(measured, servers, judged, total)
  const lost = lostOf(servers, now)
  const drained = drainedOf(servers)
  const there = haveOf(measured, { total, lost: lost.length, coming: comingIn(judged, measured) }, replacing)
  return {
    fleet: measured.fleet,
    now,
    servers,
    have: withoutReserve(there, memory.want, measured),
    there,
    lost,
    missing: replacing === null ? lost.length : 0,
    trouble: measured.trouble,
    drained,
    room: Math.max(0, measured.fleet.max - total - drained),
    resumable: resumable(servers, measured),
    readings: measured.readings,
    past: memory.past,
    outlooks: measured.outlooks,
    capacityRps: measured.fleet.capacityRps ?? measured.surelyRps,
    calendar: measured.calendar,
    changes: changesOf(measured.intents),
    backoff: backoffOf(measured, servers, judged),
    verdicts: judged,
    intents: measured.intents,
    orders: measured.orders,
    cost: costOf(measured),
    clockHoldUntilAt: hasJumped(memory.tickAt, now) ? now + HOLD_AFTER_JUMP_MS : memory.clockHoldUntilAt,
    blind: measured.blind,
    measured,
    replacing,
  }
}

/** Launched by a receipt and not listed yet: they count, or a list that lags would launch them twice. One that was listed before the answer
 *  came may have been retired since. */
function unlisted({ receipts, intents, listed, now, settleMs, sinceAt }: Measured): readonly string[] {
  const there = new Set(listed.map((server) => server.id))
  const retired = retiredIn(intents)
  return [...receipts.values()].flatMap((receipt) =>
    receipt.ok && receipt.launched && now - Math.max(receipt.at, sinceAt) < settleMs
      ? receipt.launched.ids.filter((id) => !there.has(id) && !(retired.get(id)! > sequenceOf(receipt.token)))
      : [],
  )
}

/** By server, the sequence of the last step that retired or parked it. */
const retiredIn = perObject(
  (intents: readonly IntentRecord[]): ReadonlyMap<string, number> =>
    new Map(
      intents.flatMap(({ step, token }) =>
        step.kind === 'retire' || step.kind === 'park'
          ? step.ids.map((id) => [id, sequenceOf(token)] as const)
          : [],
      ),
    ),
)

/** Of launches that are not answered, so many that are not listed. */
function comingIn(judged: readonly Verdict[], { receipts, listed }: Measured): number {
  const coming = judged.filter(isOpen).map(({ intent: { step, token } }) => {
    if (step.kind !== 'launch' || receipts.get(token)?.ok) return 0
    return Math.max(0, step.request.count - listed.filter((server) => server.token === token).length)
  })
  return sum(coming)
}

/** Still a member everywhere, and not on the way out of a pool. */
function resumable(servers: readonly ServerView[], { intents, fleet }: Measured): readonly string[] {
  const leaving = leavingIn(intents)
  return servers
    .filter((server) => server.state === 'draining' && server.drainingSince !== null && !server.ordered)
    .filter((server) => server.phase === 'running' && !leaving.has(server.id))
    .filter((server) => fleet.pools.every((pool) => server.members[pool]))
    .sort((a, b) => (b.inFlight ?? 0) - (a.inFlight ?? 0))
    .map((server) => server.id)
}

const leavingIn = perObject(
  (intents: readonly IntentRecord[]): ReadonlySet<string> =>
    new Set(intents.flatMap(({ step, closed }) => (step.kind === 'drop' && closed === null ? step.ids : []))),
)

/** One change a tick, however many steps it took. */
export const changesOf = perObject((intents: readonly IntentRecord[]): readonly Change[] => {
  const changes = new Map<Millis, Change>()
  for (const { at, have, want, by } of intents) {
    if (have !== want) changes.set(at, { at, from: have, to: want, by })
  }
  return [...changes.values()]
})

function hasJumped(before: Millis, now: Millis): boolean {
  return before > 0 && Math.abs(now - before) > JUMP_MS
}
