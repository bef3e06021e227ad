import { metricInfo } from '../../core/metrics.ts'
import type { Change, Decision, Guard, Ineffective, ScalingPolicy, View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatValue } from '../../core/units.ts'
import { servers } from '../words.ts'
import { adjust } from './adjust.ts'

/** Means are over this much: a tick's own value says little. */
const WINDOW_MS: Millis = 30_000
/** More servers have helped when a metric has come at least half of the way down that they would bring it if they were all it takes. */
const ENOUGH = 0.5
/** Of a metric that is no share per server nobody knows how far; it must have fallen by a tenth. */
const FALL = 0.1
/** So much more is answered when servers have helped without any relief. */
const GROWTH = 0.1
/** They tell of what arrives, which servers do not change. */
const ARRIVALS: ReadonlySet<string> = new Set(['rps', 'bandwidth', 'bandwidth-free'])

/** Servers that a policy asked for, that serve, and that did not better the metric it goes by: that policy launches no more for a
 *  while, since the bottleneck is elsewhere, and says so. What arrives is taken into account: when load has risen in the same time, the
 *  metric may have risen with it. Nothing is held on missing data, and other policies may still launch. Who
 *  looks ahead is not judged: his servers come before the load that they are for. */
export const effect: Guard = {
  name: 'effect',
  check(decision, view, policies) {
    if (view.fleet.guards.effect === null) return decision
    const ineffective = verdicts(view, policies)
    const judged = ineffective.length > 0 ? { ...decision, ineffective } : decision
    // One of the future is left over from before the clock was set back.
    const barring = ineffective.filter((one) => one.changeAt <= view.now && one.untilAt > view.now)
    return decision.want > decision.have ? hold(judged, barring) : judged
  },
}

function hold(decision: Decision, barring: readonly Ineffective[]): Decision {
  const [barred] = barring
  if (!barred) return decision
  const names = new Set(barring.map(({ policy }) => policy))
  const others = decision.opinions.filter(({ policy }) => !names.has(policy)).map(({ want }) => want ?? 0)
  // What has died since may be refilled.
  const most = Math.max(decision.have, ...others, ...barring.map(({ servers }) => servers))
  const about = { by: 'guard:effect', says: barred.says, untilAt: barred.untilAt }
  return adjust(decision, Math.min(decision.want, most), about)
}

/** Those of before that still count, and the one that can be told of now. A verdict that has run out stays, so that the same servers are
 *  not judged again: the next launch is. */
function verdicts(view: View, policies: readonly ScalingPolicy[]): readonly Ineffective[] {
  const known = (view.past.ineffective ?? []).filter(({ policy }) =>
    policies.some(({ name }) => name === policy),
  )
  const last = view.changes.at(-1)
  const policy = policies.find(
    ({ name, looksAhead }) => looksAhead === undefined && last?.by === `policy:${name}`,
  )
  if (!last || !policy || last.to <= last.from) return known
  const own = known.find((one) => one.policy === policy.name)
  if (own?.changeAt === last.at) return known
  const fresh = judge(policy, last, view)
  return [...known.filter((one) => one !== own), ...(fresh ? [fresh] : [])]
}

/** null when they helped, when it is too early, or when it cannot be told. */
function judge(policy: ScalingPolicy, change: Change, view: View): Ineffective | null {
  const { afterMs, holdMs } = view.fleet.guards.effect!
  const serving = view.servers.filter(({ state }) => state === 'serving').length
  const provedAt = servedAt(change, view) + afterMs
  if (view.blind.length > 0 || serving < change.to || view.now < provedAt) return null
  const compare = comparison(change.at, provedAt, view)
  const load = compare('rps')
  const done = compare('throughput')
  // Of an overload more may be left however much more is done.
  if (load === null || (done !== null && done.after >= done.before * (1 + GROWTH))) return null
  const compared = policy.metrics
    .filter((metric) => !ARRIVALS.has(metric))
    .map((metric) => ({ metric, values: compare(metric) }))
  const [first] = compared
  const helped = compared.some(
    ({ metric, values }) => values === null || hasHelped({ ...values, load, change, metric }, view),
  )
  if (!first?.values || helped) return null
  const { unit } = metricInfo(first.metric, view.fleet.metrics)
  const figures = `${formatValue(first.values.before, unit)} before, ${formatValue(first.values.after, unit)} after`
  const says = `${servers(change.to - change.from)} more did not lower ${first.metric}: ${figures}; the bottleneck is elsewhere`
  return { policy: policy.name, changeAt: change.at, servers: change.to, untilAt: view.now + holdMs, says }
}

interface Compared {
  readonly before: number
  readonly after: number
}

function hasHelped(
  { metric, before, after, load, change }: Compared & { metric: string; load: Compared; change: Change },
  view: View,
): boolean {
  const without = (before * load.after) / load.before
  const best = metricInfo(metric, view.fleet.metrics).perServer
    ? (without * change.from) / change.to
    : without * (1 - FALL / ENOUGH)
  return after <= without - ENOUGH * (without - best)
}

/** When the last of its servers joined, which is when it was confirmed; where nobody confirms, when they were asked for. */
function servedAt(change: Change, { intents }: View): Millis {
  const joined = intents.filter(({ step, at, closed }) => {
    return step.kind === 'confirm' && at >= change.at && closed?.outcome === 'landed'
  })
  return Math.max(change.at, ...joined.map(({ at }) => at))
}

/** Means of metrics before and after; null when one of them is not known, or there was nothing before. What comes later is no proof for or
 *  against these servers. */
function comparison(beforeAt: Millis, afterAt: Millis, { past }: View): (metric: string) => Compared | null {
  const mean = (metric: string, toAt: Millis): number | null => {
    const values = (past.samples[metric] ?? [])
      .filter(({ at }) => at > toAt - WINDOW_MS && at <= toAt)
      .map(({ value }) => value)
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return (metric) => {
    const [before, after] = [mean(metric, beforeAt), mean(metric, afterAt)]
    return before === null || after === null || before <= 0 ? null : { before, after }
  }
}
