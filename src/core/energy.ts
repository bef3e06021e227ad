import type { Watts } from './cost.ts'

/** What one virtual CPU draws at rest and at full load, in watts: the means over all processors that Cloud Carbon Footprint reckons with for AWS, of the
 *  SPECpower_ssj2008 results (https://www.cloudcarbonfootprint.org/docs/methodology, appendix I). Without memory, disks and cooling. */
const PER_CPU: Watts = { idle: 0.74, peak: 3.5 }
/** CPUs by the last part of a type of Alibaba Cloud: `ecs.g7.2xlarge` has 8. */
const SMALL: Readonly<Record<string, number>> = { small: 1, large: 2, xlarge: 4 }
/** Where nobody measures the CPU, as the same source does. */
const USUAL_CPU = 0.5

/** What a server of this type draws; null = nobody knows. What the file says counts before what its type is reckoned to. */
export function wattsOf(type: string | undefined, stated: Watts | null): Watts | null {
  if (stated !== null) return stated
  const cpus = type === undefined ? null : cpusOf(type)
  return cpus === null ? null : { idle: cpus * PER_CPU.idle, peak: cpus * PER_CPU.peak }
}

/** Linear between the two, by the share of its CPU that is used, 0 to 1; null = not measured. */
export function wattsAt({ idle, peak }: Watts, cpu: number | null): number {
  return idle + (peak - idle) * Math.min(1, Math.max(0, cpu ?? USUAL_CPU))
}

function cpusOf(type: string): number | null {
  const size = type.split('.').at(-1) ?? ''
  const times = /^(\d{1,3})xlarge$/.exec(size)?.[1]
  return times === undefined ? (SMALL[size] ?? null) : 4 * Number(times)
}
