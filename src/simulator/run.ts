import type { Millis } from '../core/time.ts'
import { roundUp } from '../scaling/round.ts'
import { rngOf } from './chance.ts'
import { Elasticity, type ElasticityFigures } from './elasticity.ts'
import { FluidWorld } from './fluid/world.ts'
import { clairvoyantCost, needsOf } from './rivals/clairvoyant.ts'
import { fixed } from './rivals/fixed.ts'
import { inLimits, type Rival } from './rivals/rival.ts'
import type { Scenario } from './scenario.ts'

/** What came of one policy; the warm-up counts for nothing. */
export interface Outcome extends ElasticityFigures {
  readonly name: string
  /** Share of the requests that waited longer than the objective or were dropped, in percent. */
  readonly violationsPct: number
  readonly droppedPct: number
  readonly p95WaitMs: Millis
  readonly p99WaitMs: Millis
  readonly serverHours: number
  /** Relative to what a clairvoyant would have paid, and to a fleet for the peak. */
  readonly costToClairvoyant: number
  readonly costToFixedPeak: number
  readonly changesPerDay: number
}

/** A step as whoever draws it sees it. */
export interface Moment {
  readonly now: Millis
  readonly rps: number
  readonly serving: number
  /** How many servers would have been full with what was served. */
  readonly busy: number
  /** Serving and starting, before the decision. */
  readonly had: number
  readonly want: number
  readonly why: string
}

export interface Contestant {
  readonly rival: Rival
  readonly target: number
}

const HOUR: Millis = 3_600_000
const DAY: Millis = 24 * HOUR
/** Other than those that draw the arrivals. */
const STARTUP_SEED = 0x5eed

/** Runs a policy through a scenario. `watch` sees every step, the warm-up's too. */
export function run(
  scenario: Scenario,
  { rival, target }: Contestant,
  watch?: (moment: Moment) => void,
): Outcome {
  const { arrivals, warmSteps } = scenario
  const { world, decide } = opened(scenario, { rival, target })
  const needs = needsIn(scenario, 1)
  const elasticity = new Elasticity()
  let changes = 0
  for (let step = 0; step < arrivals.length; step++) {
    if (step === warmSteps) {
      world.clear()
      changes = 0
    }
    world.step(arrivals[step]!)
    if (step >= warmSteps) elasticity.add(needs[step]!, world.servers.serving)
    const decided = decide(world)
    if (decided.want !== decided.had) changes++
    const rps = (arrivals[step]! * 1000) / scenario.world.stepMs
    watch?.({ now: world.now, rps, serving: world.servers.serving, busy: world.busy, ...decided })
  }
  return outcomeOf({ scenario, world, elasticity, name: nameOf({ rival, target }), changes })
}

/** The world of a scenario, and what a policy does in it after each step. */
export function opened(scenario: Scenario, { rival, target }: Contestant) {
  return { world: openWorld(scenario, rival, target), decide: decider(scenario, rival, target) }
}

/** `hpa@60`; of one without a target only its name. */
export function nameOf({ rival, target }: Contestant): string {
  return rival.target === null ? rival.name : `${rival.name}@${Number((target * 100).toFixed(1))}`
}

function openWorld(scenario: Scenario, rival: Rival, target: number): FluidWorld {
  const { world, arrivals, seed, min, max, peakRps } = scenario
  const startup = { ...world.startup, medianMs: world.startup.medianMs + (rival.attachMs ?? 0) }
  const perServer = world.server.capacity * target
  const first = ((arrivals[0] ?? 0) * 1000) / world.stepMs
  // One that aims at nothing begins with as many as it may have.
  const wanted = rival.start?.(peakRps, perServer) ?? (perServer > 0 ? roundUp(first / perServer) : max)
  const serving = inLimits(wanted, { min, max })
  return new FluidWorld({ ...world, startup }, rngOf(seed ^ STARTUP_SEED), {
    serving,
    mostSteps: arrivals.length,
  })
}

/** Asks the policy when its time has come, and has the world follow inside the limits. */
function decider({ world: spec, min, max }: Scenario, rival: Rival, target: number) {
  const policy = rival.create(target)
  let why = ''
  return ({ servers, now, meter }: FluidWorld) => {
    const { serving, have } = servers
    const due = Math.floor(now / rival.everyMs) > Math.floor((now - spec.stepMs) / rival.everyMs)
    if (!due) return { had: have, want: have, why }
    const wish = policy({ now, serving, have, server: spec.server, min, max, meter })
    const want = inLimits(wish.want, { min, max })
    servers.scaleTo(want, now)
    why = wish.why
    return { had: have, want, why }
  }
}

interface Ended {
  readonly scenario: Scenario
  readonly world: FluidWorld
  readonly elasticity: Elasticity
  readonly name: string
  readonly changes: number
}

function outcomeOf({ scenario, world, elasticity, name, changes }: Ended): Outcome {
  const { tally, waits } = world
  const steps = scenario.arrivals.length - scenario.warmSteps
  const hours = (steps * scenario.world.stepMs) / HOUR
  const serverHours = tally.serverMs / HOUR
  const percent = (count: number) => (tally.requests > 0 ? (100 * count) / tally.requests : 0)
  return {
    name,
    violationsPct: percent(waits.longerThan(scenario.objectiveMs) + tally.dropped),
    droppedPct: percent(tally.dropped),
    p95WaitMs: waits.quantile(0.95),
    p99WaitMs: waits.quantile(0.99),
    serverHours,
    costToClairvoyant: serverHours / clairvoyantHours(scenario),
    costToFixedPeak: serverHours / (hours * fixedServers(scenario)),
    changesPerDay: changes / ((hours * HOUR) / DAY),
    ...elasticity.figures,
  }
}

/** Server-hours of the clairvoyant minimum after the warm-up. */
export function clairvoyantHours(scenario: Scenario): number {
  const { stepMs, startup } = scenario.world
  const needs = needsIn(scenario, scenario.min).subarray(scenario.warmSteps)
  return (clairvoyantCost(needs, startup.medianMs / stepMs) * stepMs) / HOUR
}

function needsIn({ arrivals, world }: Scenario, min: number): Uint32Array {
  const rps = arrivals.map((count) => (count * 1000) / world.stepMs)
  return needsOf(rps, { capacity: world.server.capacity, min })
}

function fixedServers({ peakRps, world, min }: Scenario): number {
  return Math.max(min, fixed.start!(peakRps, world.server.capacity * fixed.target!))
}
