import type { Estimate } from '../../core/learned.ts'
import type { Bin } from './bins.ts'
import { curveOf, MOST_SLOTS } from './queue-curve.ts'

/** How a server was found to queue. */
export interface Queue {
  readonly slots: number
  readonly mostRps: Estimate
}

interface Fit {
  readonly slots: number
  readonly mostRps: number
  /** Standard error of it for one unit of noise. */
  readonly leverage: number
  /** Sum of the squared errors, each as a share of its rate. */
  readonly misfit: number
}

const FEWEST_BINS = 5
/** A bin of many steps counts more, up to here: their errors have more causes than chance. */
const MOST_STEPS = 30
/** No model is nearer to a real server. */
const LEAST_NOISE = 0.03
/** Of a normal distribution in 95 of 100 cases. */
const Z = 1.96
/** Each candidate has so many times the slots of the one before. */
const RATIO = 1.15

/** Fits throughput against requests in flight of M/M/c, by least squares in what it carries at most for each number of slots. The bounds
 *  are those of all candidates that explain the data about as well as the best (the profile of the likelihood: Bates and Watts, "Nonlinear
 *  Regression Analysis", 1988, chapter 6): data without a bend bound nothing above. Null = too few data. */
export function fittedQueue(bins: readonly Bin[]): Queue | null {
  if (bins.length < FEWEST_BINS) return null
  const fits = candidates().map((slots) => fitOf(slots, bins))
  const best = fits.reduce((least, fit) => (fit.misfit < least.misfit ? fit : least))
  const variance = Math.max(best.misfit / (bins.length - 2), LEAST_NOISE ** 2)
  const likely = fits.filter(({ misfit }) => misfit - best.misfit <= Z ** 2 * variance)
  const reach = ({ leverage }: Fit) => Z * Math.sqrt(variance) * leverage
  const isBound = likely.every(({ slots }) => slots < MOST_SLOTS)
  return {
    slots: best.slots,
    mostRps: {
      value: best.mostRps,
      low: Math.min(...likely.map((fit) => fit.mostRps - reach(fit))),
      high: isBound ? Math.max(...likely.map((fit) => fit.mostRps + reach(fit))) : null,
    },
  }
}

function candidates(): readonly number[] {
  const slots = [1]
  while (slots.at(-1)! < MOST_SLOTS)
    slots.push(Math.min(MOST_SLOTS, Math.max(slots.at(-1)! + 1, Math.round(slots.at(-1)! * RATIO))))
  return slots
}

function fitOf(slots: number, bins: readonly Bin[]): Fit {
  const { usedAt } = curveOf(slots)
  const weights = bins.map(({ steps }) => Math.min(steps, MOST_STEPS))
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / bins.length
  const seen = bins.map(({ rps, inFlight }, index) => ({
    rps,
    used: usedAt(inFlight),
    weight: weights[index]! / mean / rps ** 2,
  }))
  const squares = seen.reduce((sum, { used, weight }) => sum + weight * used ** 2, 0)
  const mostRps = seen.reduce((sum, { rps, used, weight }) => sum + weight * rps * used, 0) / squares
  const misfit = seen.reduce((sum, { rps, used, weight }) => sum + weight * (rps - mostRps * used) ** 2, 0)
  return { slots, mostRps, leverage: 1 / Math.sqrt(squares), misfit }
}
