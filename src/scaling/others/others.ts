import { type MetricName, metricInfo } from '../../core/metrics.ts'
import type { Other, OtherMemory, OtherRule, OthersMemory } from '../../core/others.ts'
import { perObject } from '../../core/per-object.ts'
import type { View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration, formatValue } from '../../core/units.ts'
import { freshValue } from '../fresh.ts'
import { askedByMean, behave, DEFAULT_BEHAVIOR, HPA_PERIOD_MS, NO_HPA_MEMORY } from './hpa.ts'
import { MINUTE_MS, THRESHOLD_COOLDOWN_MS, thresholdWant, withSample } from './threshold.ts'

const HPA_CPU = 0.6
/** Both look back five minutes: only then does their number no longer depend on when they began. */
const KNOWN_AFTER_MS: Millis = 300_000
/** Who has not looked for longer does not know what was meanwhile. */
const GAP_MS: Millis = 60_000

/** What a rule follows. */
interface Follows {
  readonly rule: OtherRule
  /** For people. */
  readonly name: string
  readonly metric: MetricName
  /** What a server is to carry of it, in its base unit; a threshold has two of its own. */
  readonly target: number
}

/** How many servers well-known rules would have, each from its own number on: the load is that which was measured, spread over as many
 *  servers as the rule has, which serve at once. Nothing is decided by it. Pure. */
export function nextOthers(view: View, memory: OthersMemory): OthersMemory {
  const turns = rulesOf(view.fleet).map((follows) => [
    follows.rule,
    turn(view, follows, memory[follows.rule]),
  ])
  return Object.fromEntries(turns)
}

/** What `nextOthers` came to in this view. */
export function othersOf(
  { fleet, now }: Pick<View, 'fleet' | 'now'>,
  memory: OthersMemory,
): readonly Other[] {
  return rulesOf(fleet).flatMap((follows) => {
    const one = memory[follows.rule]
    return one === undefined ? [] : [told(now, follows, one)]
  })
}

/** On cpu, and on the first metric that a policy of the fleet keeps at a target for each server. */
const rulesOf = perObject(({ policies, metrics }: View['fleet']): readonly Follows[] => {
  const hpa = (rule: OtherRule, metric: MetricName, target: number): Follows => {
    const name = `HPA on ${metric} at ${formatValue(target, metricInfo(metric, metrics).unit)}`
    return { rule, name, metric, target }
  }
  const own = policies.find(
    (policy) =>
      policy.type === 'target' && !policy.ofCapacity && metricInfo(policy.metric, metrics).perServer,
  )
  return [
    hpa('hpa', 'cpu', HPA_CPU),
    ...(own?.type === 'target' ? [hpa('hpa-target', own.metric, own.value)] : []),
    { rule: 'threshold', name: 'cpu > 80% for 5m: +1', metric: 'cpu', target: 1 },
  ]
})

function turn(view: View, follows: Follows, before: OtherMemory | undefined): OtherMemory {
  const memory = continued(view, follows, before)
  const load = loadOf(view, follows.metric)
  return follows.rule === 'threshold'
    ? thresholdTurn(view, memory, load)
    : hpaTurn(view, memory, load, follows)
}

/** It begins with what there is. */
function continued({ now, have }: View, follows: Follows, before: OtherMemory | undefined): OtherMemory {
  const of = `${follows.metric} ${follows.target}`
  if (before?.of === of && now >= before.seenAt && now - before.seenAt <= GAP_MS)
    return { ...before, seenAt: now }
  return { of, sinceAt: now, seenAt: now, decidedAt: Number.MIN_SAFE_INTEGER, have, knows: false, says: '' }
}

/** Over all servers that share it; or why it is not known. */
function loadOf(view: View, metric: MetricName): { readonly load: number } | { readonly why: string } {
  if (view.blind.length > 0) return { why: 'not everything could be seen' }
  const reading = freshValue(view, metric)
  if (!reading.ok) return { why: reading.why }
  const serving = view.servers.filter(
    ({ id, state }) => state === 'serving' && !view.lost.includes(id),
  ).length
  return serving === 0 ? { why: `${metric}: no server is serving` } : { load: reading.value * serving }
}

type Load = ReturnType<typeof loadOf>

/** Without data it changes nothing, as documented for metrics that are missing of every pod. */
function hpaTurn(view: View, memory: OtherMemory, load: Load, { metric, target }: Follows): OtherMemory {
  const { now, fleet } = view
  const { have, hpa = NO_HPA_MEMORY } = memory
  if (now - memory.decidedAt < HPA_PERIOD_MS) return memory
  if ('why' in load) return { ...memory, decidedAt: now, says: load.why }
  const perServer = load.load / Math.max(1, have)
  // With no replica it is switched off until somebody starts one.
  const asked = have === 0 ? 0 : askedByMean(perServer / target, { have, ready: have })
  const { min, max } = fleet
  const { want, memory: next } = behave(DEFAULT_BEHAVIOR, hpa, { now, have, min, max, asked })
  const value = formatValue(perServer, metricInfo(metric, fleet.metrics).unit)
  const says = `${metric} ${value} on ${have} asks for ${asked}`
  return { ...memory, decidedAt: now, have: want, knows: true, says, hpa: next }
}

function thresholdTurn({ now, fleet }: View, memory: OtherMemory, load: Load): OtherMemory {
  const { have, quietUntil = 0 } = memory
  const value = 'why' in load ? null : load.load / Math.max(1, have)
  const minutes = withSample(memory.minutes, now, value)
  if (Math.floor(now / MINUTE_MS) === Math.floor(memory.decidedAt / MINUTE_MS)) return { ...memory, minutes }
  const { want, why } = thresholdWant(minutes.means, have, 1)
  const bounded = Math.max(fleet.min, Math.min(fleet.max, want))
  const knows = memory.knows || minutes.means.length > 0
  const next = { ...memory, minutes, decidedAt: now, knows, says: 'why' in load ? load.why : why }
  if (bounded === have) return next
  if (now < quietUntil) return { ...next, says: `${why}, cooldown` }
  return { ...next, have: bounded, quietUntil: now + THRESHOLD_COOLDOWN_MS }
}

function told(now: Millis, { rule, name }: Follows, { have, knows, says, sinceAt }: OtherMemory): Other {
  const knownMs = now - sinceAt
  if (knows && knownMs >= KNOWN_AFTER_MS)
    return { rule, want: have, says: `${name} would have ${have}: ${says}` }
  const why = knows || says === '' ? `it has looked for ${formatDuration(knownMs)} of 5m` : says
  return { rule, want: null, says: `${name} is not known yet: ${why}` }
}
