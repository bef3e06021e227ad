import { median } from '../../core/sums.ts'
import type { Worked } from './worked.ts'

/** Steps that are alike, as their medians. */
export interface Bin {
  readonly rps: number
  readonly inFlight: number
  /** null = not measured in any. */
  readonly cpu: number | null
  readonly steps: number
}

/** A bin is so much wider than the one before it. */
const WIDER = Math.log(1.12)
/** Fewer steps are chance. */
const FEWEST = 3

/** Steps by a value of theirs, lowest first: at most some hundred bins, so that the hours of usual load do not outweigh the rare ones of
 *  high load, which tell most. */
export function binned(steps: readonly Worked[], by: (step: Worked) => number): readonly Bin[] {
  const groups = Map.groupBy(steps, (step) => Math.round(Math.log(by(step)) / WIDER))
  return [...groups]
    .filter(([, group]) => group.length >= FEWEST)
    .toSorted(([a], [b]) => a - b)
    .map(([, group]) => ({
      rps: median(group.map(({ rps }) => rps)),
      inFlight: median(group.map(({ inFlight }) => inFlight)),
      cpu: medianOrNull(group.flatMap(({ cpu }) => cpu ?? [])),
      steps: group.length,
    }))
}

function medianOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values)
}
