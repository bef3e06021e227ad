import type { Millis } from '../core/time.ts'
import { roundUp } from '../scaling/round.ts'
import { poisson, rngOf } from './chance.ts'
import type { WorldSpec } from './fluid/world.ts'
import { peakOf, resampled, scaledTo, type Trace } from './trace/trace.ts'

/** What is asked of every policy alike. */
export interface Scenario {
  readonly world: WorldSpec
  readonly startAt: Millis
  /** Requests that arrive in each step. */
  readonly arrivals: Float64Array
  /** The highest mean rate of the trace, in requests a second. */
  readonly peakRps: number
  /** Steps at the beginning that only are history. */
  readonly warmSteps: number
  readonly min: number
  readonly max: number
  /** A request that waits longer violates the objective. */
  readonly objectiveMs: Millis
  readonly seed: number
}

export interface ScenarioOptions {
  /** What befalls it counts from the end of the warm-up. */
  readonly world: WorldSpec
  /** The trace is scaled until its peak needs so many servers at 70 %; null = its values are requests a second. */
  readonly peakServers: number | null
  /** At most half of the trace. */
  readonly warmMs: Millis
  readonly min: number
  /** null = twice what the peak needs. */
  readonly max: number | null
  readonly objectiveMs: Millis
  readonly seed: number
}

/** How full servers of a fleet for the peak are. */
const PEAK_SHARE = 0.7

/** The load of a trace, with the noise of single arrivals that a seed draws. */
export function scenarioOf(trace: Trace, options: ScenarioOptions): Scenario {
  const { world, peakServers, min, objectiveMs, seed } = options
  const perServer = world.server.capacity * PEAK_SHARE
  const stepped = resampled(trace, world.stepMs)
  const scaled = peakServers === null ? stepped : scaledTo(stepped, peakServers * perServer)
  const rng = rngOf(seed)
  const seconds = world.stepMs / 1000
  const peakRps = peakOf(scaled)
  const steps = scaled.values.length
  const warmSteps = Math.min(Math.floor(steps / 2), Math.round(options.warmMs / world.stepMs))
  return {
    world: later(world, warmSteps * world.stepMs),
    startAt: trace.startAt,
    arrivals: scaled.values.map((rps) => poisson(rng, rps * seconds)),
    peakRps,
    warmSteps,
    min,
    max: options.max ?? Math.max(min, 2 * roundUp(peakRps / perServer)),
    objectiveMs,
    seed,
  }
}

function later(world: WorldSpec, byMs: Millis): WorldSpec {
  const { zoneLoss, stockOut } = world
  return {
    ...world,
    ...(zoneLoss && { zoneLoss: { ...zoneLoss, atMs: zoneLoss.atMs + byMs } }),
    ...(stockOut && {
      stockOut: { fromMs: stockOut.fromMs + byMs, untilMs: stockOut.untilMs + byMs },
    }),
  }
}
