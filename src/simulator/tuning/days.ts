import { sum } from '../../core/sums.ts'
import type { Millis } from '../../core/time.ts'
import type { TuningFigures } from '../../core/tuning.ts'
import { type Contestant, opened } from '../run.ts'
import type { Scenario } from '../scenario.ts'

const HOUR: Millis = 3_600_000
export const DAY: Millis = 24 * HOUR

/** What came of 24 hours. */
export interface Day {
  readonly requests: number
  /** Those that waited longer than the objective, or were turned away. */
  readonly late: number
  readonly serverHours: number
  readonly changes: number
}

/** Runs a policy through a scenario: its whole days after the warm-up. */
export function daysOf(scenario: Scenario, contestant: Contestant): readonly Day[] {
  const { arrivals, warmSteps, objectiveMs } = scenario
  const { world, decide } = opened(scenario, contestant)
  const stepsADay = Math.round(DAY / scenario.world.stepMs)
  const days: Day[] = []
  let changes = 0
  for (let step = 0; step < arrivals.length; step++) {
    if ((step - warmSteps) % stepsADay === 0) {
      world.clear()
      changes = 0
    }
    world.step(arrivals[step]!)
    const { had, want } = decide(world)
    if (want !== had) changes++
    if (step < warmSteps || (step - warmSteps + 1) % stepsADay !== 0) continue
    const { requests, dropped, serverMs } = world.tally
    const late = world.waits.longerThan(objectiveMs) + dropped
    days.push({ requests, late, serverHours: serverMs / HOUR, changes })
  }
  return days
}

/** The same days of each seed, taken together. */
export function figuresOf(seeds: readonly (readonly Day[])[]): TuningFigures {
  const all = seeds.flat()
  const bySeed = seeds.map(lateOf)
  const byDay = (seeds[0] ?? []).map((_day, index) => lateOf(seeds.flatMap((days) => days[index] ?? [])))
  return {
    late: lateOf(all),
    worstDay: Math.max(0, ...byDay),
    spread: [Math.min(...bySeed), Math.max(...bySeed)],
    serverHours: sum(all.map(({ serverHours }) => serverHours)) / all.length,
    changes: sum(all.map(({ changes }) => changes)) / all.length,
  }
}

/** Share of the requests. */
export function lateOf(days: readonly Day[]): number {
  const requests = sum(days.map((day) => day.requests))
  return requests > 0 ? sum(days.map(({ late }) => late)) / requests : 0
}
