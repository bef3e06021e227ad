import type { Millis } from '../../core/time.ts'
import type { World } from '../world.ts'
import type { GroupUse } from './groups.ts'
import { measured } from './measured.ts'
import type { Measurement } from './state.ts'

/** Seldom enough to cost nothing, and often enough for several values in the shortest period. */
export const METER_MS = 5_000
const MIB = 1024 * 1024
const NAMESPACE = 'acs_ecs_dashboard'

/** What an instance had used by a time. */
export interface Read extends GroupUse {
  readonly at: Millis
}

/** The world with what the processes of its instances have used since they were read before, by instance, in percent of what their type
 *  has. */
export function metered(
  world: World,
  uses: ReadonlyMap<string, Read>,
  before: ReadonlyMap<string, Read>,
): World {
  const at = [...uses.values()][0]?.at
  if (at === undefined) return world
  const all = [...uses].flatMap(([id, use]) => measurementsOf(world, id, use, before.get(id)))
  return measured(world, all, at + world.skewMs)
}

function measurementsOf(
  { ecs }: World,
  id: string,
  use: Read,
  before: Read | undefined,
): readonly Measurement[] {
  const instance = ecs.instances.get(id)
  const type = ecs.types.find((one) => one.id === instance?.type)
  if (instance === undefined || type === undefined || before === undefined || use.at <= before.at) return []
  const { account } = instance
  const of = (metric: string, share: number): Measurement => {
    const value = Math.min(100, Math.max(0, share * 100))
    return { account, namespace: NAMESPACE, metric, dimensions: { instanceId: id }, value }
  }
  const cpu = (use.cpuSeconds - before.cpuSeconds) / ((use.at - before.at) / 1000) / type.cpu
  return [
    of('CPUUtilization', cpu),
    of('cpu_total', cpu),
    of('memory_usedutilization', use.memoryBytes / (type.memoryMib * MIB)),
  ]
}
