import type { Millis } from './time.ts'

/** What a server's weight follows, beside what the configuration says. */
export const WEIGHT_POLICIES = ['rtt', 'linear', 'capacity'] as const
export type WeightPolicy = (typeof WEIGHT_POLICIES)[number]

export interface WeightSpec {
  readonly policy: WeightPolicy
  /** Of `rtt`: the response time at which the formula gives nothing; null = four times the pool's median. */
  readonly rttMaxMs: Millis | null
}
