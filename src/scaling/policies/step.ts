import type { MetricName, Sample } from '../../core/metrics.ts'
import type { StepChange, StepPolicySpec } from '../../core/policy.ts'
import type { Opinion, ScalingPolicy, View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { freshValue } from '../fresh.ts'
import { gapLimitMs, unbrokenFrom } from '../past.ts'
import { roundDown, roundUp } from '../round.ts'
import { evaluate, type Lookup, traceOf } from '../rules/evaluate.ts'
import type { Rule } from '../rules/rule.ts'
import { servers } from '../words.ts'

/** When `rule` has been true for `forMs`, in every sample and now, changes the number of servers once; then the time starts anew.
 *  A gap in a metric's samples (see gapLimitMs) and a value that is missing now also start it anew: the time must be seen. */
export function stepPolicy(spec: StepPolicySpec, rule: Rule): ScalingPolicy {
  return {
    name: spec.name,
    metrics: rule.metrics,
    lookBackMs: spec.forMs,
    opine: (view) => opine(spec, rule, view),
  }
}

function opine(spec: StepPolicySpec, rule: Rule, view: View): Opinion {
  const now: Lookup = (metric) => {
    const reading = freshValue(view, metric)
    return reading.ok ? reading.value : null
  }
  const trace = traceOf(rule.expression, now)
  const say = (want: number | null, why: string): Opinion => ({ policy: spec.name, want, why, trace })
  if (trace.value === null) return say(null, `${rule.text} has no answer: ${missing(rule, view)}`)
  if (trace.value !== true) return say(null, `${rule.text} is not true`)

  const seenUntil = seenUntilAt(rule, view)
  const trueForMs = Math.max(0, seenUntil - trueSince(spec, rule, view, seenUntil))
  if (trueForMs < spec.forMs) {
    const so = formatDuration(trueForMs)
    return say(null, `${rule.text} has been true for ${so} of ${formatDuration(spec.forMs)}`)
  }
  const want = changed(view.have, spec.change)
  const since = spec.forMs === 0 ? 'is true' : `has been true for ${formatDuration(trueForMs)}`
  return say(want, `${rule.text} ${since}: ${inWords(spec.change)} makes ${servers(want)}`)
}

function missing(rule: Rule, view: View): string {
  const reasons = rule.metrics
    .map((metric) => freshValue(view, metric))
    .flatMap((reading) => (reading.ok ? [] : [reading.why]))
  return reasons.length > 0 ? reasons.join(', ') : 'a division by zero'
}

/** Until when anybody knows of every metric: what comes late, as from a cloud, says nothing of the time since. */
function seenUntilAt(rule: Rule, view: View): Millis {
  const newest = rule.metrics
    .map((metric) => view.readings[metric])
    .flatMap((one) => (one?.ok ? [one.sample.at] : []))
  return Math.min(view.now, ...newest)
}

/** The oldest instant from which on the rule was true in every sample, no further back than `forMs` needs. It is true now. */
function trueSince(spec: StepPolicySpec, rule: Rule, view: View, seenUntil: Millis): Millis {
  const firedAt = lastFiredAt(spec, view)
  const series = new Map(rule.metrics.map((metric) => [metric, unbroken(view, metric)]))
  const instants = [...new Set([...series.values()].flat().map((sample) => sample.at))]
    .filter((at) => at > firedAt && at <= view.now)
    .sort((a, b) => b - a)
  let since = view.now
  for (const at of instants) {
    if (seenUntil - since >= spec.forMs) break
    if (evaluate(rule.expression, (metric) => valueAt(series.get(metric) ?? [], at)) !== true) break
    since = at
  }
  return since
}

function lastFiredAt(spec: StepPolicySpec, view: View): Millis {
  const own = view.changes.filter((change) => change.by === `policy:${spec.name}`)
  return Math.max(Number.NEGATIVE_INFINITY, ...own.map((change) => change.at))
}

/** The metric's samples that follow each other, and now, without a gap. */
function unbroken(view: View, metric: MetricName): readonly Sample[] {
  const past = view.past.samples[metric] ?? []
  const instants = past.map((sample) => sample.at)
  const reading = view.readings[metric]
  const newestAt = reading?.ok ? reading.sample.at : view.now
  return past.slice(unbrokenFrom(instants, newestAt, gapLimitMs(instants)))
}

/** The newest sample at or before `at`; null before the first. */
function valueAt(samples: readonly Sample[], at: Millis): number | null {
  let [low, high] = [0, samples.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (samples[middle]!.at <= at) low = middle + 1
    else high = middle
  }
  return samples[low - 1]?.value ?? null
}

/** `add` and `remove` always move at least one server, or a small fleet would never follow a percentage. */
function changed(have: number, change: StepChange): number {
  switch (change.kind) {
    case 'set':
      return change.servers
    case 'add':
      return have + Math.max(1, 'ratio' in change ? roundUp(have * change.ratio) : change.servers)
    case 'remove':
      return Math.max(
        0,
        have - Math.max(1, 'ratio' in change ? roundDown(have * change.ratio) : change.servers),
      )
    default:
      return change satisfies never
  }
}

function inWords(change: StepChange): string {
  return `${change.kind} ${'ratio' in change ? `${Number((change.ratio * 100).toFixed(1))}%` : change.servers}`
}
