import type { Millis } from '../../core/time.ts'
import type { Call, Done } from '../operation.ts'
import { pageByNumber } from '../paging.ts'
import type { World } from '../world.ts'
import { timeIn } from './times.ts'

const LOOK_BACK_MS = 7 * 24 * 3_600_000

interface SystemEvent {
  readonly name: string
  readonly status: string
  readonly level: string
  readonly instance: string
  readonly at: Millis
}

const INTERRUPTION = 'Instance:PreemptibleInstanceInterruption'
const FAILURE = 'Instance:SystemFailure.Delete:Executed'

/** What the cloud says of instances by itself, newest first
 *  (https://www.alibabacloud.com/help/en/ecs/user-guide/ecs-system-event-notifications). */
export function describeSystemEventAttribute(call: Call): Done {
  const { given, now } = call
  const fromAt = timeIn(given, 'StartTime') ?? now - LOOK_BACK_MS
  const toAt = timeIn(given, 'EndTime') ?? now
  const is = (parameter: string, value: string) =>
    !given.has(parameter) || given.text(parameter).toLowerCase() === value.toLowerCase()
  const found = eventsIn(call.world, call.account).filter(
    ({ name, status, level, at }) =>
      at >= fromAt &&
      at <= toAt &&
      is('Product', 'ECS') &&
      is('Name', name) &&
      is('Status', status) &&
      is('Level', level),
  )
  const { page } = pageByNumber(found, given, { usual: 10, most: 100 })
  const SystemEvent = page.map(({ name, status, level, instance, at }) => ({
    Product: 'ECS',
    Name: name,
    Status: status,
    Level: level,
    ResourceId: instance,
    InstanceName: instance,
    Time: at,
    Num: '1',
    Content: JSON.stringify({ instanceId: instance, action: 'delete' }),
  }))
  return { world: call.world, body: { SystemEvents: { SystemEvent } } }
}

function eventsIn({ ecs, delays }: World, account: string): readonly SystemEvent[] {
  const interruption = (instance: string, recycledAt: Millis): SystemEvent => ({
    name: INTERRUPTION,
    status: 'Normal',
    level: 'WARN',
    instance,
    at: recycledAt - delays.spotNoticeMs,
  })
  const gone = ecs.released.flatMap(({ id, why, releasedAt, account: owner }): readonly SystemEvent[] => {
    if (owner !== account) return []
    if (why === 'SpotInterruption') return [interruption(id, releasedAt)]
    if (why !== 'SystemFailure.Delete') return []
    return [{ name: FAILURE, status: 'Executed', level: 'CRITICAL', instance: id, at: releasedAt }]
  })
  const going = [...ecs.instances.values()].flatMap(({ id, recycledAt, account: owner }) =>
    owner === account && recycledAt !== null ? [interruption(id, recycledAt)] : [],
  )
  return [...gone, ...going].sort((a, b) => b.at - a.at)
}
