import type * as z from 'zod'
import { IN_CAPACITY } from '../core/carried.ts'
import type { CustomMetrics, MetricName, Unit } from '../core/metrics.ts'
import { metricInfo, metricNamed, metricNames } from '../core/metrics.ts'
import type {
  ForecastPolicySpec,
  PolicySpec,
  SeasonalPolicySpec,
  StepChange,
  StepPolicySpec,
  TargetPolicySpec,
} from '../core/policy.ts'
import { parseQuantity } from '../core/units.ts'
import { compilePolicies } from '../scaling/policies/compile.ts'
import { readShare } from './amounts.ts'
import type { Path } from './document.ts'
import { parsePart } from './parse.ts'
import { SEASONAL_POLICY, STEP_POLICY, TARGET_POLICY } from './policy-schema.ts'
import type { Report } from './report.ts'
import { type Frame, readCalendar, readSchedule } from './schedules.ts'
import { didYouMean, hint } from './suggest.ts'

export const POLICY_TYPES = ['target', 'seasonal', 'forecast', 'step', 'schedule', 'calendar'] as const
/** A bare number above this was meant as a percentage: no server is to use twice its limit. */
const MAX_BARE_RATIO = 2
const EXAMPLES: Readonly<Record<Unit, string>> = {
  ratio: '70%',
  count: '8',
  'per-second': '100/s',
  ms: '250ms',
  bytes: '512MiB',
  'bits-per-second': '100Mbps',
}

interface Place {
  readonly path: Path
  readonly index: number
  /** What it may name beside our own metrics. */
  readonly custom: CustomMetrics
  readonly frame: Frame
}

/** The policies of one fleet, with the metrics that they read. */
export function readPolicies(
  items: readonly unknown[],
  { path, custom, frame }: Omit<Place, 'index'>,
  report: Report,
): { readonly specs: readonly PolicySpec[]; readonly reads: readonly { metric: MetricName; path: Path }[] } {
  const specs: PolicySpec[] = []
  const reads: { metric: MetricName; path: Path }[] = []
  const firstOf = new Map<string, Place>()
  items.forEach((raw, index) => {
    const place: Place = { path: [...path, index], index, custom, frame }
    const spec = readPolicy(raw, place, report)
    if (!spec) return
    const earlier = firstOf.get(spec.name)
    if (earlier) {
      const line = report.line(earlier.path)
      const message = `a policy of this fleet is named ${spec.name} already (line ${line}); give one of them another name`
      const at = [...place.path, 'name']
      report.error(report.has(at) ? at : place.path, message)
    } else firstOf.set(spec.name, place)
    specs.push(spec)
    for (const metric of metricsOf(spec, place, report)) reads.push({ metric, path: place.path })
  })
  return { specs, reads }
}

function readPolicy(raw: unknown, place: Place, report: Report): PolicySpec | null {
  const type = typeof raw === 'object' && raw !== null && 'type' in raw ? raw.type : undefined
  if (type === 'target' || type === 'seasonal' || type === 'forecast')
    return readTarget(type, raw, place, report)
  if (type === 'step') return readStep(raw, place, report)
  if (type === 'schedule') return readSchedule(raw, place, report)
  if (type === 'calendar') return readCalendar(raw, place, report)
  if (type === undefined && (typeof raw !== 'object' || raw === null || Array.isArray(raw))) {
    report.expected(place.path, 'a policy, a mapping that starts with its type, such as type: target')
  } else {
    report.expected(
      [...place.path, 'type'],
      'target, seasonal, forecast, step, schedule or calendar',
      typeof type === 'string' ? didYouMean(type, POLICY_TYPES) : '',
    )
  }
  return null
}

/** Compiles the policy for its problems; its metrics when there are none. */
function metricsOf(spec: PolicySpec, { path, custom }: Place, report: Report): readonly MetricName[] {
  const compiled = compilePolicies([spec], custom)
  if (compiled.ok) return compiled.policies.flatMap(({ metrics }) => metrics)
  for (const { message, column, at } of compiled.problems) {
    report.inside([...path, 'when'], { text: at.text, column }, message)
  }
  return []
}

/** Those that count servers by a metric and what of it each of them carries. */
function readTarget(
  type: 'target' | 'seasonal' | 'forecast',
  raw: unknown,
  { path, custom }: Place,
  report: Report,
): TargetPolicySpec | SeasonalPolicySpec | ForecastPolicySpec | null {
  const schema = type === 'target' ? TARGET_POLICY : SEASONAL_POLICY
  const parsed = parsePart(schema, raw, path, report)
  if (!parsed) return null
  const metric = metricNamed(parsed.metric, custom)
  if (metric === null) {
    report.error(
      [...path, 'metric'],
      `no metric is named ${parsed.metric}${hint(parsed.metric, metricNames(custom))}`,
    )
    return null
  }
  const { unit, noTarget } = metricInfo(metric, custom)
  if (noTarget !== undefined) {
    report.error(
      [...path, 'metric'],
      `${type} cannot follow ${metric}: ${noTarget}; use a policy of type step`,
    )
    return null
  }
  const at = [...path, 'value']
  const share = IN_CAPACITY.has(metric) ? readShare(parsed.value, 1) : undefined
  const value = share ?? targetValue({ metric, unit }, parsed.value, at, report)
  if (value === null) return null
  const name = parsed.name ?? `${type}-${metric}`
  return { type, name, metric, value, ...(share !== undefined && { ofCapacity: true }) }
}

function targetValue(
  { metric, unit }: { readonly metric: MetricName; readonly unit: Unit },
  raw: string | number,
  path: Path,
  report: Report,
): number | null {
  const value = parseQuantity(String(raw), unit)
  if (value === null || value <= 0) {
    const other = IN_CAPACITY.has(metric) ? ', or a share of what a server can carry, up to 100%' : ''
    report.expected(path, `a number above 0, such as ${EXAMPLES[unit]}${other}`)
    return null
  }
  const bare = typeof raw === 'number' || /^[\d.]+$/.test(raw)
  if (unit === 'ratio' && bare && value > MAX_BARE_RATIO) {
    report.expected(path, 'a share such as 70% or 0.7', `; did you mean ${value}%?`)
    return null
  }
  return value
}

function readStep(raw: unknown, { path, index }: Place, report: Report): StepPolicySpec | null {
  const parsed = parsePart(STEP_POLICY, raw, path, report)
  if (!parsed) return null
  const change = readChange(parsed, path, report)
  return {
    type: 'step',
    name: parsed.name ?? `step-${index + 1}`,
    when: report.source([...path, 'when'], parsed.when),
    forMs: parsed.for,
    // A stand-in, so that the rule is looked at too: the problem is reported.
    change: change ?? { kind: 'add', servers: 1 },
  }
}

type Parsed = z.output<typeof STEP_POLICY>

/** null when the problem has been reported. */
function readChange(parsed: Parsed, path: Path, report: Report): StepChange | null {
  // As written: a wrong one is not in `parsed`, but it was given.
  const given = (['add', 'remove', 'set'] as const).filter((kind) => report.has([...path, kind]))
  const [kind, second] = given
  if (kind === undefined || second !== undefined) {
    const at = second === undefined ? path : [...path, second]
    report.error(at, `expected one of add, remove and set, got ${given.join(' and ') || 'none'}`)
    return null
  }
  if (kind === 'set') return parsed.set === undefined ? null : { kind, servers: parsed.set }
  const amount = parsed[kind]
  return amount === undefined ? null : { kind, ...amount }
}
