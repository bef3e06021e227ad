import { roundUp } from '../../scaling/round.ts'

/** How full servers may be without missing the objective: at 80 % one request in a hundred waits 250 ms. */
const FULL = 0.8

/** Servers that each step needs, at least `min`. */
export function needsOf(
  rps: Float64Array,
  { capacity, min }: { readonly capacity: number; readonly min: number },
): Uint32Array {
  return Uint32Array.from(rps, (rate) => Math.max(min, roundUp(rate / (capacity * FULL))))
}

/** The least that anybody could have paid who knew the future, in server-steps, where a start is paid as `startSteps`. Exact: the problem falls apart
 *  into layers. The k-th server is on where at least k are needed; over each gap it either stays on or is started anew, whichever is
 *  cheaper. The first start of each is paid. */
export function clairvoyantCost(needs: Uint32Array, startSteps: number): number {
  /** Where each layer that is off was last on. */
  const offSince: number[] = []
  let on = 0
  let cost = 0
  needs.forEach((need, step) => {
    while (on > need) offSince[--on] = step
    while (on < need) {
      const since = offSince[on++]
      cost += since === undefined ? startSteps : Math.min(step - since, startSteps)
    }
    cost += need
  })
  return cost
}
