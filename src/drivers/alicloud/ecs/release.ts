import type { CallCloud } from '../client/client.ts'
import type { CloudFault } from '../client/cloud-fault.ts'

/** DeleteInstances takes no more. */
const MOST = 100

export interface Released {
  readonly gone: readonly string[]
  /** Those that are still there, with what the cloud said of them. */
  readonly kept: readonly { readonly ids: readonly string[]; readonly fault: CloudFault }[]
}

interface Means {
  readonly call: CallCloud
  readonly region: string
  readonly signal: AbortSignal
}

/** Gives instances back. The cloud deletes all of a call or none, and does not say whom it means when it refuses: a call that it refuses for
 *  one of them is made again in halves, so that each has its own outcome. */
export async function release(means: Means, ids: readonly string[]): Promise<Released> {
  const released: Released[] = []
  for (let at = 0; at < ids.length; at += MOST)
    released.push(await releaseBatch(means, ids.slice(at, at + MOST)))
  return { gone: released.flatMap(({ gone }) => gone), kept: released.flatMap(({ kept }) => kept) }
}

async function releaseBatch(means: Means, ids: readonly string[]): Promise<Released> {
  const { call, region, signal } = means
  const query = { RegionId: region, InstanceId: ids, Force: true }
  const outcome = await call({ product: 'ecs', action: 'DeleteInstances', query, read: () => null }, signal)
  if (outcome.ok) return { gone: ids, kept: [] }
  const { fault } = outcome
  if (!concernsOne(fault)) return { gone: [], kept: [{ ids, fault }] }
  if (ids.length === 1) return isGone(fault) ? { gone: ids, kept: [] } : { gone: [], kept: [{ ids, fault }] }
  const half = Math.ceil(ids.length / 2)
  const first = await releaseBatch(means, ids.slice(0, half))
  const second = await releaseBatch(means, ids.slice(half))
  return { gone: [...first.gone, ...second.gone], kept: [...first.kept, ...second.kept] }
}

/** Whether the others of a call may well be deleted without it. */
function concernsOne({ code }: CloudFault): boolean {
  return /^(InvalidInstanceId|IncorrectInstanceStatus|InvalidOperation|OperationDenied|DependencyViolation|ChargeTypeViolation)(\.|$)/.test(
    code,
  )
}

export function isGone({ code }: CloudFault): boolean {
  return code === 'InvalidInstanceId.NotFound'
}
