import { parseArgs } from 'node:util'
import { targetFleet } from '../src/app/simulated-fleet.ts'
import { STAKES, type Stakes } from '../src/scaling/forecast/worth.ts'
import { tidegate } from '../src/simulator/rivals/tidegate.ts'
import { run } from '../src/simulator/run.ts'
import type { Scenario } from '../src/simulator/scenario.ts'
import { type Curve, meanCurve, meanPoint, type Point, placeAt, pointAt } from './kit/iso-cost.ts'
import { rounded } from './kit/numbers.ts'
import { RUN_OPTIONS, readRuns, SERVER, scenariosOf, TRACES, worldOf } from './kit/scaling-traces.ts'

const TARGETS = [0.9, 0.85, 0.8, 0.75]
const COST = 1.25
const OTHERS: readonly Stakes[] = [12, 36, 108]
  .flatMap((latePrice) => [0.1, 0.3, 1].map((penalty) => ({ latePrice, penalty })))
  .filter(({ latePrice, penalty }) => latePrice !== STAKES.latePrice || penalty !== STAKES.penalty)

/** Constants that learning could have, and how every trace fares with them. */
interface Choice {
  readonly stakes: Stakes
  readonly curves: readonly Curve[]
}

/** What the constants of learning owe to the traces they were chosen on. `leftOut`: each trace with the constants, and at the target, that are best for the
 *  seven others, which is with the fewest violations at the cost aimed at; beside it the product's constants, and those that are the best for all eight. */
export async function benchLeaveOneOut(args: readonly string[]): Promise<object> {
  const options = { ...RUN_OPTIONS, seeds: { type: 'string', default: '1' } } as const
  const { startupMs, seeds } = readRuns(parseArgs({ args: [...args], options }).values)
  const world = worldOf(startupMs)
  const choices = [STAKES, ...OTHERS].map((stakes): Choice => {
    process.stderr.write(`${JSON.stringify(stakes)}\n`)
    return { stakes, curves: TRACES.map((source) => curveOf(scenariosOf(source, { world, seeds }), stakes)) }
  })
  const all = [...TRACES.keys()]
  const traces = TRACES.map(({ file }, left) => {
    const others = all.filter((trace) => trace !== left)
    const { choice, place } = bestFor(others, choices)
    return { trace: file, ...choice.stakes, ...pointAt(choice.curves[left]!, place) }
  })
  return {
    name: 'leave-one-out',
    startupMs,
    seeds,
    leftOut: shortened(meanPoint(traces)),
    asInTheProduct: onAll(bestFor(all, choices.slice(0, 1))),
    bestOnAll: onAll(bestFor(all, choices)),
    traces: traces.map(({ trace, latePrice, penalty, ...point }) => ({
      trace,
      latePrice,
      penalty,
      ...shortened(point),
    })),
  }
}

function curveOf(scenarios: readonly Scenario[], stakes: Stakes): Curve {
  const rival = tidegate((target) => targetFleet(SERVER, target), null, stakes)
  return TARGETS.map((target) => meanPoint(scenarios.map((scenario) => run(scenario, { rival, target }))))
}

interface Best {
  readonly choice: Choice
  /** Of the target, in the curves. */
  readonly place: number
  readonly point: Point
}

function bestFor(traces: readonly number[], choices: readonly Choice[]): Best {
  const tried = choices.map((choice): Best => {
    const curve = meanCurve(traces.map((trace) => choice.curves[trace]!))
    const place = placeAt(curve, COST)
    return { choice, place, point: pointAt(curve, place) }
  })
  return tried.reduce((a, b) => (b.point.violationsPct < a.point.violationsPct ? b : a))
}

function onAll({ choice, point }: Best): object {
  return { ...choice.stakes, ...shortened(point) }
}

function shortened({ violationsPct, costToClairvoyant }: Point): Point {
  return { violationsPct: rounded(violationsPct), costToClairvoyant: rounded(costToClairvoyant, 4) }
}
