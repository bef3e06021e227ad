import type { Capacity, Estimate } from '../../core/learned.ts'
import { type Bin, binned } from './bins.ts'
import { fittedCpu } from './cpu.ts'
import { fittedQueue } from './queue.ts'
import { curveOf, MOST_SLOTS } from './queue-curve.ts'
import type { Worked } from './worked.ts'

/** Steps below these are too few to say anything, and to say it with confidence. */
const FEWEST_STEPS = 20
const ENOUGH_STEPS = 60
/** How far the bounds of a confident estimate may be apart, as a share of it. */
const WIDEST = 0.3

/** What one server carries; null = nobody can say yet. Of both ways to tell the surer one is taken. Pure; works on at most some hundred
 *  bins, however long the history is. */
export function capacityOf(steps: readonly Worked[]): Capacity | null {
  const busy = busyIn(steps)
  if (busy.length < FEWEST_STEPS) return null
  const byInFlight = binned(busy, ({ inFlight }) => inFlight)
  const quiet = byInFlight[0]
  const queue = fittedQueue(byInFlight)
  const cpu = fittedCpu(binned(busy, ({ rps }) => rps))
  const known = [
    ...(queue === null ? [] : [learned('queue', queue.mostRps, queue.slots, busy.length)]),
    ...(cpu === null || quiet === undefined
      ? []
      : [learned('cpu', cpu, slotsBy(cpu.value, quiet), busy.length)]),
  ]
  return known.toSorted((a, b) => widthOf(a.mostRps) - widthOf(b.mostRps))[0] ?? null
}

/** Where the latency of a server knees that carries so many requests a second at most; null = nobody has seen how long one takes. */
export function kneeBy(
  mostRps: number,
  steps: readonly Worked[],
): Pick<Capacity, 'kneeRps' | 'kneeInFlight'> | null {
  const quiet = binned(busyIn(steps), ({ inFlight }) => inFlight)[0]
  if (quiet === undefined) return null
  const { knee } = curveOf(slotsBy(mostRps, quiet))
  return { kneeRps: knee.used * mostRps, kneeInFlight: knee.inFlight }
}

function busyIn(steps: readonly Worked[]): readonly Worked[] {
  return steps.filter(({ rps, inFlight }) => rps > 0 && inFlight > 0)
}

function learned(by: Capacity['by'], mostRps: Estimate, slots: number, steps: number): Capacity {
  const { knee } = curveOf(slots)
  return {
    by,
    mostRps,
    kneeRps: knee.used * mostRps.value,
    kneeInFlight: knee.inFlight,
    slots,
    steps,
    confident: steps >= ENOUGH_STEPS && widthOf(mostRps) <= WIDEST,
  }
}

/** Little's law: a server that takes so long for a request, and ends so many a second when it is full, has so many at once. */
function slotsBy(mostRps: number, quiet: Bin): number {
  return Math.min(MOST_SLOTS, Math.max(1, Math.round((mostRps * quiet.inFlight) / quiet.rps)))
}

function widthOf({ value, low, high }: Estimate): number {
  return high === null ? Number.POSITIVE_INFINITY : (high - low) / value
}
