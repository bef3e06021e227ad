import type { Examination, Finding } from '../../../core/finding.ts'
import type { MetricName } from '../../../core/metrics.ts'
import type { Host } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { Outcome } from '../client/cloud-fault.ts'
import type { Fields } from '../client/fields.ts'
import { nodeTransport, type Transport } from '../client/transport.ts'
import { examineAccount } from '../doctor/examination.ts'
import { unanswered } from '../doctor/look.ts'
import type { CloudMonitorConfig, MetricConfig } from './config.ts'
import { lastPoints } from './last-points.ts'

/** What the cloud says that a metric is. A list that it leaves empty forbids nothing. */
interface Known {
  /** In seconds. */
  readonly periods: readonly string[]
  readonly dimensions: readonly string[]
  readonly statistics: readonly string[]
}

const ABOUT = 'metrics'

/** Asks the cloud whether it has these metrics as the file wants them, and lets them be read. */
export async function examineCloudMonitor(
  config: CloudMonitorConfig,
  metrics: Readonly<Record<MetricName, MetricConfig>>,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
  transport: Transport = nodeTransport,
): Promise<Examination> {
  return await examineAccount(config, { host, signal }, transport, async (call) => ({
    findings: await lookAtAll(call, metrics, signal),
    repairs: [],
  }))
}

async function lookAtAll(
  call: CallCloud,
  metrics: Readonly<Record<MetricName, MetricConfig>>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  let right: MetricConfig | null = null
  for (const [name, metric] of Object.entries(metrics)) {
    const finding = await lookAtMetric(call, name, metric, signal)
    if (finding.level === 'ok') right = metric
    findings.push(finding)
  }
  return right === null ? findings : [...findings, await tryReading(call, right, signal)]
}

async function lookAtMetric(
  call: CallCloud,
  name: string,
  metric: MetricConfig,
  signal: AbortSignal,
): Promise<Finding> {
  const outcome = await knownAs(call, metric, signal)
  if (!outcome.ok) return unanswered(ABOUT, outcome.fault)
  const problem = mismatchOf(metric, outcome.value)
  if (problem !== null)
    return { level: 'problem', about: ABOUT, ...problem, says: `${name}: ${problem.says}` }
  return { level: 'ok', about: ABOUT, says: `${name}: ${metric.metric} of ${metric.namespace} is there` }
}

/** null = there is none of that name. Of the operations that need no permission, and that nobody counts. */
async function knownAs(
  call: CallCloud,
  { namespace, metric }: MetricConfig,
  signal: AbortSignal,
): Promise<Outcome<Known | null>> {
  return await call(
    {
      product: 'cms',
      action: 'DescribeMetricMetaList',
      query: { Namespace: namespace, MetricName: metric, PageSize: 30 },
      read: (answer) => {
        const [first] = answer.inside('Resources').list('Resource')
        return first === undefined ? null : knownIn(first)
      },
    },
    signal,
  )
}

function knownIn(resource: Fields): Known {
  const words = (name: string) =>
    (resource.has(name) ? resource.text(name) : '').split(',').filter((word) => word !== '')
  return { periods: words('Periods'), dimensions: words('Dimensions'), statistics: words('Statistics') }
}

function mismatchOf(metric: MetricConfig, known: Known | null): Pick<Finding, 'says' | 'fix'> | null {
  const { namespace, serverKey, statistic } = metric
  if (known === null)
    return {
      says: `${namespace} has no metric ${metric.metric}`,
      fix: 'look it up among the metrics of the product; capital letters count',
    }
  const lacks = (having: readonly string[], wanted: string) => having.length > 0 && !having.includes(wanted)
  const period = String(metric.periodMs / 1000)
  if (lacks(known.periods, period))
    return {
      says: `${metric.metric} is measured every ${known.periods.join(', ')} seconds, not every ${period}`,
      fix: 'write one of these as its period',
    }
  const names = [...Object.keys(metric.dimensions), ...(serverKey === null ? [] : [serverKey])]
  const unknown = names.find((name) => lacks(known.dimensions, name))
  if (unknown !== undefined)
    return {
      says: `${metric.metric} has the dimensions ${known.dimensions.join(', ')}, and no ${unknown}`,
      fix: 'name dimensions that it has',
    }
  if (statistic !== null && lacks(known.statistics, statistic))
    return {
      says: `${metric.metric} has ${known.statistics.join(', ')}, and no ${statistic}`,
      fix: 'write one of these as its statistic',
    }
  return null
}

/** Whether points may be read: of no server, for that is all that is asked here. */
async function tryReading(call: CallCloud, metric: MetricConfig, signal: AbortSignal): Promise<Finding> {
  const outcome = await lastPoints(call, metric, ['i-none'], signal)
  if (!outcome.ok) return unanswered(ABOUT, outcome.fault)
  return { level: 'ok', about: ABOUT, says: 'points can be read' }
}
