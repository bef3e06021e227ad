import type { FaultCode } from '../../../core/fault.ts'
import type { CallCloud } from '../client/client.ts'
import type { Parameters } from '../client/parameters.ts'
import { faultOf } from '../faults.ts'
import type { Instance } from './instances.ts'
import { TAGS } from './tags.ts'

/** TagResources takes no more. */
const MOST_TAGGED = 50
/** StopInstances and StartInstances take no more. */
const MOST = 100
/** In place of a launch's token. */
const PARKED = 'parked'

export interface Means {
  readonly call: CallCloud
  readonly region: string
  readonly signal: AbortSignal
}

/** What is done to instances. */
interface Deed {
  readonly action: string
  readonly how: Parameters
  /** Of what nobody knows whether it has been done. */
  readonly code: FaultCode
  readonly failed: string
}

const STOP: Deed = {
  action: 'StopInstances',
  how: { StoppedMode: 'StopCharging' },
  code: 'fleet.retire-failed',
  failed: 'cannot be stopped',
}
const START: Deed = {
  action: 'StartInstances',
  how: {},
  code: 'fleet.launch-failed',
  failed: 'cannot be started',
}

/** Stopped without charge, or about to be: no server until a launch starts it again. */
export function isParked({ token, status }: Pick<Instance, 'token' | 'status'>): boolean {
  return token === PARKED && (status === 'Stopped' || status === 'Stopping')
}

/** Stops instances so that only their disks are paid for. Gives those that the cloud does not stop so. Throws Fault.
 *  The tag comes first: one that is stopped without it would count as failed. */
export async function park(means: Means, instances: readonly Instance[]): Promise<readonly string[]> {
  await mark(means, idsOf(instances), { token: PARKED, code: 'fleet.retire-failed' })
  const running = idsOf(instances.filter((one) => one.status === 'Running'))
  const stopped = await each(means, running, STOP)
  return running.filter((id) => !stopped.has(id))
}

/** Starts parked instances as servers of the launch `token`; gives those that start. A place that was given up may be taken. Throws Fault. */
export async function wake(
  means: Means,
  instances: readonly Instance[],
  token: string,
): Promise<readonly string[]> {
  const ids = idsOf(instances)
  await mark(means, ids, { token, code: 'fleet.launch-failed' })
  const started = await each(means, ids, START)
  const asleep = ids.filter((id) => !started.has(id))
  await mark(means, asleep, { token: PARKED, code: 'fleet.launch-failed' })
  return ids.filter((id) => started.has(id))
}

async function mark(
  { call, region, signal }: Means,
  ids: readonly string[],
  { token, code }: { readonly token: string; readonly code: FaultCode },
): Promise<void> {
  for (const batch of batches(ids, MOST_TAGGED)) {
    const Tag = [{ Key: TAGS.token, Value: token }]
    const query = { RegionId: region, ResourceType: 'instance', ResourceId: batch, Tag }
    const outcome = await call({ product: 'ecs', action: 'TagResources', query, read: () => null }, signal)
    if (!outcome.ok) throw faultOf(code, `${batch.join(', ')} cannot be tagged`, outcome.fault)
  }
}

/** Does it to each that it can be done to, and gives those. A refusal of all is one of each. */
async function each(
  { call, region, signal }: Means,
  ids: readonly string[],
  { action, how, code, failed }: Deed,
): Promise<ReadonlySet<string>> {
  const done = new Set<string>()
  for (const batch of batches(ids, MOST)) {
    const query = { RegionId: region, InstanceId: batch, BatchOptimization: 'SuccessFirst', ...how }
    const outcome = await call(
      {
        product: 'ecs',
        action,
        query,
        read: (answer) => answer.inside('InstanceResponses').list('InstanceResponse'),
      },
      signal,
    )
    if (outcome.ok) {
      for (const one of outcome.value) if (one.text('Code') === '200') done.add(one.text('InstanceId'))
    } else if (outcome.fault.kind !== 'refused')
      throw faultOf(code, `${batch.join(', ')} ${failed}`, outcome.fault)
  }
  return done
}

function idsOf(instances: readonly Instance[]): readonly string[] {
  return instances.map(({ id }) => id)
}

function batches(ids: readonly string[], most: number): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / most)
  return Array.from({ length: count }, (_, nth) => ids.slice(nth * most, (nth + 1) * most))
}
