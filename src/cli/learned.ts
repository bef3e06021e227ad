import type { Capacity, Learned, Startup } from '../core/learned.ts'
import { formatDuration } from '../core/units.ts'

/** What the servers of a fleet have taught, as sentences: `a server carries 61/s before its latency knees, ...`. */
export function learnedLines({ capacity, startup, fixed }: Learned): readonly string[] {
  return [
    ...(fixed.capacityRps === null ? [] : [`the file says that a server carries ${rate(fixed.capacityRps)}`]),
    ...(capacity === null ? [] : [capacityLine(capacity)]),
    ...(fixed.startupMs === null
      ? []
      : [`the file says that a server starts in ${formatDuration(fixed.startupMs)}`]),
    ...(startup === null ? [] : [startupLine(startup)]),
  ]
}

export function capacityLine({ mostRps, kneeRps, by, steps, confident }: Capacity): string {
  const { value, low, high } = mostRps
  const basis = `by its ${by === 'cpu' ? 'CPU' : 'queue'} in ${steps} steps of the history`
  if (!confident)
    return high === null
      ? `a server carries ${rate(low)} or more; nothing has shown yet how much, ${basis}`
      : `a server carries perhaps ${rate(value)} (${rate(low)} to ${rate(high)}); that is not sure yet, ${basis}`
  return `a server carries ${rate(kneeRps)} before its latency knees, and ${rate(value)} at most (${rate(low)} to ${rate(high!)}), ${basis}`
}

function startupLine({ medianMs, p95Ms, count }: Startup): string {
  return `a server starts in ${formatDuration(medianMs)} (P95 ${formatDuration(p95Ms)}, of ${count} starts)`
}

/** With three digits at least: `61.3/s`. */
export function rate(perSecond: number): string {
  const value = perSecond >= 100 ? Math.round(perSecond) : Number(Math.max(0, perSecond).toPrecision(3))
  return `${value}/s`
}
