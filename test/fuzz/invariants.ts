import { plan } from '../../src/controller/plan.ts'
import { canonical } from '../../src/core/canonical.ts'
import { perObject } from '../../src/core/per-object.ts'
import type { FleetSpec, Pace } from '../../src/core/policy.ts'
import type { ScalingPolicy, View } from '../../src/core/scaling.ts'
import type { Millis } from '../../src/core/time.ts'
import { decide } from '../../src/scaling/decide.ts'
import { policiesOf } from '../../src/scaling/policies/compile.ts'
import { reasons } from './reasons.ts'
import { isScaleIn, type Look, type Seen, softened } from './seen.ts'

/** Null where it holds, else what is wrong. */
export type Invariant = (seen: Seen) => string | null

const JUMP_HOLD_MS = 60_000
const EPSILON = 1e-9
/** A look this much later than the ones before it usually are is none that follows them. */
const GAP = 2.5
const SPACINGS = 32
/** The slowest source of the stories tells once a minute, and a tick may wait for reads and steps. */
const SOURCE_MS: Millis = 60_000

/** What must be true of every tick, by name. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'within min and max': limits,
  'no faster than its pace': pace,
  'no sooner than its cooldowns': cooldown,
  'no scale-in without data': data,
  'no scale-in by what lies ahead alone': ahead,
  'no scale-in after the clock jumped': clock,
  'no scale-in before the load has been watched': watched,
  'nothing changes while anything cannot be read': blind,
  'steps come from plan': steps,
  'reasons are complete': reasons,
  'the decision follows from the journal': pure,
}

function limits({ decision: { have, want, because }, view }: Seen): string | null {
  if (because.some(({ by }) => by === 'order:stop')) return want === 0 ? null : `stopped, but wants ${want}`
  const open = view.calendar.filter(({ startAt, endAt }) => startAt <= view.now && view.now < endAt)
  const min = Math.max(view.fleet.min, ...open.map((window) => window.min ?? 0))
  const max = Math.max(min, Math.min(view.fleet.max, ...open.map((window) => window.max ?? Number.MAX_VALUE)))
  if (want >= min && want <= max) return null
  // Those who come after the limits only keep what there is, or take back what drains.
  const keeps = ['guard:backoff', 'order:pause', 'guard:blind'].includes(because.at(-1)?.by ?? '')
  const kept = want === have || (want > have && want <= have + view.resumable.length && want < min)
  return keeps && kept ? null : `wants ${want}, limits are ${min} and ${max}`
}

function pace({ decision, view, changes }: Seen): string | null {
  const [have, want] = [decision.have, softened(decision)]
  const { outPace, inPace } = view.fleet.guards
  const entries = want > have ? outPace : want < have ? inPace : []
  if (entries.length === 0) return null
  const reaches = entries.map((entry) =>
    reach(entry, Math.sign(want - have), have, { changes, now: view.now }),
  )
  const far = want > have ? Math.max(...reaches) : Math.min(...reaches)
  return (want > have ? want <= far : want >= far) ? null : `wants ${want} of ${have}, may go to ${far}`
}

function reach(
  entry: Pace,
  sign: number,
  have: number,
  { changes, now }: { readonly changes: Seen['changes']; readonly now: Millis },
): number {
  const within = changes.filter(({ at }) => at > now - entry.perMs)
  const wanted = changes.findLast(({ at }) => at <= now - entry.perMs)?.to ?? 0
  const had = within[0]?.from ?? have
  const start = sign > 0 ? Math.max(had, wanted) : had
  if ('servers' in entry) return start + sign * entry.servers
  const exact = start * entry.ratio
  return start + sign * Math.max(1, sign > 0 ? Math.ceil(exact - EPSILON) : Math.floor(exact + EPSILON))
}

function cooldown({ decision, view, changes }: Seen): string | null {
  const direction = Math.sign(softened(decision) - decision.have)
  if (direction === 0) return null
  const { outCooldownMs, inCooldownMs } = view.fleet.guards
  const last = changes.findLast(({ from, to }) => Math.sign(to - from) === direction)
  const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : view.now - last.at
  const least = direction > 0 ? outCooldownMs : inCooldownMs
  return sinceMs >= least ? null : `changes ${sinceMs} ms after the last time, waits for ${least} ms`
}

function data({ decision, policies, truth }: Seen): string | null {
  if (!isScaleIn(decision)) return null
  const needed = new Set(policies.flatMap(({ metrics }) => metrics))
  const missing = [...needed].filter((metric) => truth.metrics.get(metric) !== true)
  return missing.length === 0 ? null : `scales in without ${missing.join(', ')}`
}

/** Who only looks ahead gives a floor: it takes another policy to say that fewer are enough. */
function ahead({ decision, policies }: Seen): string | null {
  if (!isScaleIn(decision)) return null
  const voiced = decision.opinions.filter(({ want }) => want !== null).map(({ policy }) => policy)
  const isSeen = policies.some(({ name, looksAhead }) => looksAhead === undefined && voiced.includes(name))
  return isSeen ? null : `scales in by ${voiced.join(', ') || 'nobody'}`
}

function clock({ decision, view, truth: { jumpedAt } }: Seen): string | null {
  const sinceMs = jumpedAt === null ? Number.POSITIVE_INFINITY : view.now - jumpedAt
  return isScaleIn(decision) && sinceMs < JUMP_HOLD_MS ? `scales in ${sinceMs} ms after a jump` : null
}

/** Neither a restart nor a time of blindness makes anyone forget: a whole window has been watched, and nobody wanted more in it. */
function watched({ decision, view, looks }: Seen): string | null {
  const windowMs = view.fleet.guards.inPatienceMs
  if (!isScaleIn(decision) || windowMs === 0) return null
  const since = watchedSince(looks, view.now, windowMs)
  if (since > view.now - windowMs)
    return `scales in, but has watched only since ${view.now - since} ms of ${windowMs}`
  const wants = looks.filter(({ at }) => at > view.now - windowMs).map(({ raw }) => raw ?? 0)
  const most = Math.min(decision.have, Math.max(0, ...wants))
  return softened(decision) >= most ? null : `wants ${softened(decision)}, but wanted ${most} lately`
}

function watchedSince(looks: readonly Look[], now: Millis, windowMs: Millis): Millis {
  const instants = [...looks.map(({ at }) => at), now]
  const spacings = instants
    .slice(-SPACINGS - 1)
    .map((at, index, all) => at - (all[index - 1] ?? at))
    .sort((a, b) => a - b)
  const usual = spacings[Math.floor(spacings.length / 2)] ?? 0
  const limit = Math.max(windowMs / 4, GAP * Math.max(usual, SOURCE_MS))
  let since = now
  for (const at of instants.reverse()) {
    if (since - at > limit) break
    since = at
  }
  return since
}

function blind({ decision, planned, truth }: Seen): string | null {
  if (truth.blind.length === 0) return null
  const what = truth.blind.join(', ')
  if (planned.length > 0) return `plans ${planned.map(({ step }) => step.kind).join(', ')} without ${what}`
  return decision.want === decision.have || decision.because.some(({ by }) => by === 'order:stop')
    ? null
    : `wants ${decision.want} of ${decision.have} without ${what}`
}

function steps({ decision, view, planned, intents }: Seen): string | null {
  const again = plan(decision, view)
  if (canonical(again) !== canonical(planned)) return 'plan gives other steps for the same decision and view'
  const wanted = planned.map(({ step, by }) => ({ step, by }))
  const written = intents.map(({ step, by }) => ({ step, by }))
  return canonical(written) === canonical(wanted)
    ? null
    : `${text(written)} is written down, ${text(wanted)} planned`
}

function text(steps: readonly { readonly step: { readonly kind: string } }[]): string {
  return steps.map(({ step }) => step.kind).join(', ') || 'nothing'
}

/** As it would be read from a disk: no more than text, and no more than the journal has. */
function pure({ view, decision, memory, entries }: Seen): string | null {
  const again = decide(readAgain(seenBy(view)), policiesOf(view.fleet))
  if (!isSame(again, decision))
    return `decides ${JSON.stringify(again)} again, not ${JSON.stringify(decision)}`
  if (memory !== null && !isSame(view.past, memory.past)) return 'looks back on what the journal has not'
  const kept = { ...entries.tick.readings, ...view.readings }
  if (!isSame(entries.tick.readings, kept)) return 'the journal has other readings'
  if (entries.tick.want !== decision.want || entries.tick.have !== decision.have)
    return 'the journal has another number'
  const whole = entries.decision
  return whole === null || isSame(whole.decision, decision) ? null : 'the journal has another decision'
}

/** Those of the very tick: a reload in its middle is the next one's. */
export const policiesIn = perObject((fleet: FleetSpec): readonly ScalingPolicy[] => policiesOf(fleet))

/** As text; what is the very same object needs no look. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

/** The part of it that decisions may depend on. */
function seenBy({ measured: _measured, replacing: _replacing, there: _there, ...view }: Seen['view']): View {
  return view
}

/** Many of its parts are those of the tick before. */
function readAgain(view: View): View {
  const parts = Object.entries(view).map(([name, part]: [string, unknown]) => [
    name,
    typeof part === 'object' && part !== null ? textOf(part) : part,
  ])
  return Object.fromEntries(parts) as View
}

const textOf = perObject((part: object): unknown => JSON.parse(JSON.stringify(part)))
