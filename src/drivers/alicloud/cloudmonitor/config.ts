import type { ConfigProblem, DriverKeys, Parsed } from '../../../core/driver.ts'
import {
  type DurationField,
  durationKey,
  numberKey,
  type ReportField,
  readDuration,
} from '../../../core/driver-fields.ts'
import { choiceForm, durationForm, wholeForm } from '../../../core/form.ts'
import type { Millis } from '../../../core/time.ts'
import { parseDuration } from '../../../core/units.ts'
import { ACCOUNT_KEYS, type AccountConfig, readAccount } from '../account-keys.ts'
import { missing, orEmpty, type Raw, readMap, readText, readWhole, textKey } from '../read-keys.ts'
import { FREE_CALLS } from './budget.ts'

export interface CloudMonitorConfig extends AccountConfig {
  /** How often each metric is asked. */
  readonly everyMs: Millis
  /** What it may take of the account's calls in a month. */
  readonly callsAMonth: number
}

/** How the values of several series become one. */
export const ACROSS = ['mean', 'sum', 'max', 'min'] as const
export type Across = (typeof ACROSS)[number]

/** One metric of CloudMonitor, of the servers of a fleet or of something that the file names. */
export interface MetricConfig {
  readonly namespace: string
  readonly metric: string
  readonly periodMs: Millis
  readonly dimensions: Readonly<Record<string, string>>
  /** The dimension that names a server; null = the dimensions are of something else, such as a balancer. */
  readonly serverKey: string | null
  /** null = `Average`, or `Value` where the product has no other. */
  readonly statistic: string | null
  /** null = the file does not say. */
  readonly across: Across | null
  readonly scale: number
}

/** What stands for the id of each server in `dimensions`. */
const SERVER = '$server'
const ECS = 'acs_ecs_dashboard'
const PERIODS: readonly Millis[] = [15_000, 60_000, 300_000, 900_000, 3_600_000]
/** How long the cloud takes with a point is not documented; users tell of one to three minutes. */
const LATE_MS = 180_000
const MAX_CALLS = 1_000_000_000
/** A tenth is left to people and other tools. */
const STANDARD_CALLS = 0.9 * FREE_CALLS
const EVERY: DurationField = {
  standardMs: 60_000,
  minMs: 10_000,
  maxMs: 3_600_000,
  expects: 'a duration from 10s to 1h, such as 60s',
}

export const SOURCE_KEYS: DriverKeys = {
  ...ACCOUNT_KEYS,
  every: durationKey(EVERY, 'How often each metric is asked; in between its last answer stands.'),
  calls: orEmpty({
    ...wholeForm(1_000, MAX_CALLS),
    default: STANDARD_CALLS,
    help: 'Calls a month that it may make: metrics are asked less often where they would not last. An account has 1,000,000 for nothing, and pays for more or is refused.',
  }),
}

export const METRIC_KEYS: DriverKeys = {
  namespace: { ...textKey('The namespace of the product.'), default: ECS },
  metric: { ...textKey('What CloudMonitor calls it, such as `CPUUtilization`.'), required: true },
  period: orEmpty({
    ...durationForm('15s, 1m, 5m, 15m, 1h'),
    default: '1m',
    help: 'Each point sums up so much time. The metrics of the agent on a server have 15s, the others 1m.',
  }),
  dimensions: orEmpty({
    type: 'mapping of names to values',
    allowed: '',
    schema: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
    help: 'What it is measured of, such as `{ loadBalancerId: alb-... }`. `$server` is each server of the fleet that asks. Default: `{ instanceId: $server }` in the namespace of ECS.',
  }),
  statistic: textKey('Such as `Maximum`. Default: `Average`, or `Value` where there is no other.'),
  across: orEmpty({
    ...choiceForm(ACROSS),
    help: 'How the values of several series become one. Default: the mean of servers; of anything else there must be one series.',
  }),
  scale: numberKey(
    0.000001,
    1_000_000,
    'Each value is multiplied by it. Default: 0.01 of metrics in percent, whose names end in `utilization` or begin with `cpu_`, so that they are ratios; else 1.',
  ),
}

/** Parses the keys above and looks at no others; every problem is reported, not only the first. */
export function parseSource(raw: Raw): Parsed<CloudMonitorConfig> {
  return parsed((report) => ({
    ...readAccount(raw, report),
    everyMs: readDuration(raw.every, ['every'], EVERY, report),
    callsAMonth: readWhole(
      raw.calls ?? STANDARD_CALLS,
      { path: ['calls'], min: 1_000, max: MAX_CALLS },
      report,
    ),
  }))
}

/** The same of a metric; whether there is such a one only the cloud can tell. */
export function parseMetric(raw: Raw): Parsed<MetricConfig> {
  return parsed((report) => {
    const namespace = readText(raw.namespace, ['namespace'], report) ?? ECS
    const metric =
      readText(raw.metric, ['metric'], report) ?? missing('metric', 'a name such as CPUUtilization', report)
    return {
      namespace,
      metric,
      periodMs: readPeriod(raw.period, report),
      ...readDimensions(raw.dimensions, namespace, report),
      statistic: readStatistic(raw.statistic, report),
      across: readAcross(raw.across, report),
      scale: readScale(raw.scale, metric, report),
    }
  })
}

/** A point sums up its period, is out some minutes later, and is read up to two rounds after that. */
export function freshMs({ everyMs }: CloudMonitorConfig, { periodMs }: MetricConfig): Millis {
  return periodMs + LATE_MS + 2 * everyMs
}

function parsed<T>(read: (report: ReportField) => T): Parsed<T> {
  const problems: ConfigProblem[] = []
  const config = read((path, message) => problems.push({ path, message }))
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

function readPeriod(value: unknown, report: ReportField): Millis {
  if (value === undefined || value === null) return 60_000
  const ms = typeof value === 'string' ? parseDuration(value) : null
  if (ms !== null && PERIODS.includes(ms)) return ms
  report(['period'], 'expected 15s, 1m, 5m, 15m or 1h')
  return 60_000
}

function readDimensions(
  value: unknown,
  namespace: string,
  report: ReportField,
): Pick<MetricConfig, 'dimensions' | 'serverKey'> {
  const standard = namespace === ECS ? { instanceId: SERVER } : undefined
  const given = readMap(value ?? standard, { key: 'dimensions', known: null }, report)
  const all = Object.entries(given).map(([name, item]): [string, string] => {
    if (typeof item !== 'string' && typeof item !== 'number') report(['dimensions', name], 'expected text')
    return [name, String(item)]
  })
  if (all.length === 0)
    report(['dimensions'], 'expected what it is measured of, such as { loadBalancerId: alb-123 }')
  const servers = all.filter(([, item]) => item === SERVER).map(([name]) => name)
  if (servers.length > 1) report(['dimensions', servers[1]!], 'expected $server once')
  return {
    dimensions: Object.fromEntries(all.filter(([, item]) => item !== SERVER)),
    serverKey: servers[0] ?? null,
  }
}

function readStatistic(value: unknown, report: ReportField): string | null {
  const statistic = readText(value, ['statistic'], report)
  if (statistic !== null && !/^[A-Z][A-Za-z]*$/.test(statistic))
    report(['statistic'], 'expected a name such as Average, Maximum, Minimum, Sum or Value')
  return statistic
}

function readAcross(value: unknown, report: ReportField): Across | null {
  if (value === undefined || value === null) return null
  const across = ACROSS.find((word) => word === value)
  if (across === undefined) report(['across'], `expected ${ACROSS.join(', ')}`)
  return across ?? null
}

function readScale(value: unknown, metric: string, report: ReportField): number {
  if (value === undefined || value === null) return /utilization$|^cpu_/i.test(metric) ? 0.01 : 1
  const scale = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof scale === 'number' && scale >= 0.000001 && scale <= 1_000_000) return scale
  report(['scale'], 'expected a number from 0.000001 to 1000000, such as 0.01')
  return 1
}
