import { inServer } from '../erlang.ts'

/** A state of a server: which share of all that it can do it does, and how many requests it has. */
interface Point {
  readonly used: number
  readonly inFlight: number
}

/** How a server with so many slots fills as it is used (M/M/c). */
export interface QueueCurve {
  /** How far it is used when it has so many requests, 0 to 1. */
  usedAt(inFlight: number): number
  /** Where throughput over latency is highest (L. Kleinrock, "Power and deterministic rules of thumb for probabilistic problems in
   *  computer communications", ICC 1979): the knee of the latency. */
  readonly knee: Point
}

/** Finer steps change no estimate. */
const POINTS = 400

/** The curve of more slots is hardly another, and takes as many times longer to reckon. */
export const MOST_SLOTS = 512

const curves = new Map<number, QueueCurve>()

/** `slots` is a whole number, 1 to MOST_SLOTS. Each curve is reckoned once. */
export function curveOf(slots: number): QueueCurve {
  const curve = curves.get(slots) ?? reckoned(slots)
  curves.set(slots, curve)
  return curve
}

function reckoned(slots: number): QueueCurve {
  const points = Array.from({ length: POINTS }, (_, index): Point => {
    const used = index / POINTS
    return { used, inFlight: inServer({ slots }, used) }
  })
  const power = ({ used, inFlight }: Point) => (used === 0 ? 0 : used ** 2 / inFlight)
  return {
    usedAt: (inFlight) => usedAt(points, inFlight),
    knee: points.reduce((best, point) => (power(point) > power(best) ? point : best)),
  }
}

/** Between two points by a straight line; beyond the last one it is full. */
function usedAt(points: readonly Point[], inFlight: number): number {
  let low = 0
  let high = points.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (points[middle]!.inFlight <= inFlight) low = middle
    else high = middle
  }
  const [at, next] = [points[low]!, points[low + 1]]
  if (next === undefined) return 1
  return at.used + ((inFlight - at.inFlight) / (next.inFlight - at.inFlight)) * (next.used - at.used)
}
