import type { Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { Outcome } from '../client/cloud-fault.ts'
import { WrongAnswer } from '../client/fields.ts'
import { SERVERS_A_CALL } from './budget.ts'
import type { MetricConfig } from './config.ts'
import { type Point, pointsIn } from './points.ts'

/** The most series that one answer can have. */
const LENGTH = 1440

/** The last point of each series of the metric, of these servers where it is one of servers. Calls go one after another: the account has
 *  few a second, for everybody. */
export async function lastPoints(
  call: CallCloud,
  metric: MetricConfig,
  servers: readonly string[],
  signal: AbortSignal,
): Promise<Outcome<readonly Point[]>> {
  const all: Point[] = []
  for (const dimensions of batchesOf(metric, servers)) {
    const outcome = await call(
      {
        product: 'cms',
        action: 'DescribeMetricLast',
        query: {
          Namespace: metric.namespace,
          MetricName: metric.metric,
          Period: seconds(metric.periodMs),
          Dimensions: JSON.stringify(dimensions),
          Length: String(LENGTH),
        },
        read: (answer) => {
          if (answer.has('NextToken') && answer.text('NextToken') !== '')
            throw new WrongAnswer(`Datapoints should be at most ${LENGTH} and are more: name more dimensions`)
          return pointsIn(answer)
        },
      },
      signal,
    )
    if (!outcome.ok) return outcome
    all.push(...outcome.value)
  }
  return { ok: true, value: all }
}

/** What each call names. */
function batchesOf(
  { dimensions, serverKey }: MetricConfig,
  servers: readonly string[],
): readonly (readonly Readonly<Record<string, string>>[])[] {
  if (serverKey === null) return [[dimensions]]
  const each = servers.map((id) => ({ ...dimensions, [serverKey]: id }))
  const count = Math.ceil(each.length / SERVERS_A_CALL)
  return Array.from({ length: count }, (_, nth) =>
    each.slice(nth * SERVERS_A_CALL, (nth + 1) * SERVERS_A_CALL),
  )
}

function seconds(ms: Millis): string {
  return String(ms / 1000)
}
