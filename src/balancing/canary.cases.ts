import { chanceOf } from '../../test/kit/chance.ts'
import type { ArmCounts, CanarySpec, CanaryState } from '../core/canary.ts'
import { LATENCY_BUCKETS, latencyBucket } from '../core/latency.ts'
import { lookAtCanary, startCanary } from './canary.ts'

interface Servers {
  /** Of their requests, from 0 to 1. */
  readonly failed: number
  /** The times are log-normal. */
  readonly medianMs: number
}

const TICK_MS = 5_000
const RPS = 10
const DAY_MS = 86_400_000

interface Counting {
  requests: number
  errors: number
  readonly latency: number[]
}

/** What becomes of a canary within a day, by a seed. */
export function drawing(
  spec: CanarySpec,
  servers: Readonly<Record<'stable' | 'canary', Servers>>,
  seed: number,
): CanaryState {
  const { draw } = chanceOf(seed)
  const fresh = (): Counting => ({
    requests: 0,
    errors: 0,
    latency: new Array<number>(LATENCY_BUCKETS).fill(0),
  })
  const counted = { stable: fresh(), canary: fresh() }
  const copy = (of: Counting): ArmCounts => ({ ...of, latency: [...of.latency] })
  let state = startCanary(spec, { name: 'web', stable: 'old', canary: 'new' }, 0)
  for (let now = 0; now < DAY_MS && state.share > 0 && state.share < 1; now += TICK_MS) {
    state = lookAtCanary(state, spec, { stable: copy(counted.stable), canary: copy(counted.canary) }, now)
    for (let n = 0; n < (RPS * TICK_MS) / 1000; n++) {
      const side = draw() < state.share ? 'canary' : 'stable'
      const { failed, medianMs } = servers[side]
      const to = counted[side]
      const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
      to.requests += 1
      if (draw() < failed) to.errors += 1
      to.latency[latencyBucket(medianMs * Math.exp(0.5 * normal))]! += 1
    }
  }
  return state
}
