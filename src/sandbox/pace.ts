import type { Millis } from '../core/time.ts'
import { Refusal } from './refusal.ts'
import { type World, withEntry } from './world.ts'

interface Pace {
  readonly calls: number
  readonly inMs: Millis
}

const MINUTE_MS = 60_000
/** What CloudMonitor documents for each of them:
 *  https://www.alibabacloud.com/help/en/cms/developer-reference/api-cms-2019-01-01-describemetriclast. */
const METRICS: Pace = { calls: 50, inMs: 1_000 }
/** What ALB documents: https://api.aliyun.com/document/Alb/2020-06-16/AddServersToServerGroup. */
const SERVER_GROUPS: Pace = { calls: 200, inMs: MINUTE_MS }
/** Calls of one operation in one account and region. ECS shows its own in the Quota Center only, and has other ones for each account:
 *  these are of the order that its users tell of. */
const PACES: Readonly<Record<string, Pace>> = {
  RunInstances: { calls: 300, inMs: MINUTE_MS },
  DeleteInstances: { calls: 300, inMs: MINUTE_MS },
  AddServersToServerGroup: SERVER_GROUPS,
  RemoveServersFromServerGroup: SERVER_GROUPS,
  ReplaceServersInServerGroup: SERVER_GROUPS,
  UpdateServerGroupServersAttribute: SERVER_GROUPS,
  UpdateServerGroupAttribute: SERVER_GROUPS,
  DescribeMetricLast: METRICS,
  DescribeMetricList: METRICS,
}
const OTHERWISE: Pace = { calls: 600, inMs: MINUTE_MS }

/** How many calls of an operation are let through in a minute. */
export function perMinute(action: string): number {
  const { calls, inMs } = PACES[action] ?? OTHERWISE
  return (calls * MINUTE_MS) / inMs
}

/** Counts one call. Once one is refused, the operation stays closed until the next full minute or second:
 *  https://www.alibabacloud.com/help/en/ecs/developer-reference/api-throttling. */
export function paced(world: World, key: string, action: string, now: Millis): World {
  const pace = PACES[action] ?? OTHERWISE
  const span = Math.floor(now / pace.inMs)
  const before = world.counts.get(key)
  const calls = before?.span === span ? before.calls + 1 : 1
  if (calls > pace.calls) throw new Refusal('Throttling.User', 'Request was denied due to user flow control.')
  return { ...world, counts: withEntry(world.counts, key, { span, calls }) }
}
