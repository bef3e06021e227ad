import type { Millis } from '../../src/core/time.ts'
import { Meter } from '../../src/simulator/fluid/meter.ts'
import type { Policy, Scene } from '../../src/simulator/rivals/rival.ts'

const STEP_MS: Millis = 15_000

/** A fleet that does at once what a policy wants, unless told otherwise: utilization and rate are said, 15 s a step. */
export function watched(policy: Policy, start: { readonly have: number; readonly min?: number }) {
  const meter = new Meter(STEP_MS, 500_000)
  let now: Millis = 0
  let have = start.have
  return {
    /** So many seconds of these values, and what the policy wants at their end. Servers that start count to the `have` that it is asked with. */
    after(seconds: number, values: { readonly cpu?: number; readonly rps?: number }, starting = 0): number {
      const steps = Math.round((seconds * 1000) / STEP_MS)
      let want = have
      for (let step = 0; step < steps; step++) {
        meter.record({ cpu: values.cpu ?? 0, rps: values.rps ?? 0, served: 0, inFlight: 0 })
        now += STEP_MS
        have = want
        want = policy(aScene({ now, meter, serving: have - starting, have, min: start.min ?? 1 })).want
      }
      have = want
      return want
    },
  }
}

export function aScene(over: Partial<Scene> & { readonly meter: Meter }): Scene {
  const server = { slots: 8, capacity: 80 }
  return { now: 0, serving: 1, have: 1, server, min: 1, max: 1000, ...over }
}
