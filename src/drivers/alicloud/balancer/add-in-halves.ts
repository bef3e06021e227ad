import { Fault } from '../../../core/fault.ts'
import { type Backend, keyOf } from './backend.ts'
import type { Group } from './group.ts'

/** One in two hundred is found after nine; what is refused to all of them is not tried for each. */
const MOST_REFUSALS = 32

/** Adds whom the cloud takes, and gives the first fault there was; null = all are in. A call is done for all of its servers or for none,
 *  so that one which is refused would keep the others from joining: it is found by halves. */
export async function addInHalves(
  group: Pick<Group, 'add' | 'read'>,
  backends: readonly Backend[],
  signal: AbortSignal,
): Promise<Fault | null> {
  let failed: Fault | null = null
  let refusals = 0
  let parts: readonly (readonly Backend[])[] = [backends]
  while (parts.length > 0 && refusals < MOST_REFUSALS) {
    const [part = [], ...others] = parts
    parts = others
    try {
      await group.add(part, signal)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      failed ??= error
      if (error.retry !== 'no') return failed
      refusals++
      if (part.length > 1) parts = [...others, ...halves(await missing(group, part, signal))]
    }
  }
  return failed
}

/** Of several calls some may have been done. */
async function missing(
  group: Pick<Group, 'read'>,
  part: readonly Backend[],
  signal: AbortSignal,
): Promise<readonly Backend[]> {
  const there = new Set((await group.read(signal)).map(keyOf))
  return part.filter((backend) => !there.has(keyOf(backend)))
}

function halves(part: readonly Backend[]): readonly (readonly Backend[])[] {
  const middle = Math.ceil(part.length / 2)
  return [part.slice(0, middle), part.slice(middle)].filter(({ length }) => length > 0)
}
