import { parseArgs } from 'node:util'
import { tidegates } from '../src/app/simulated-fleet.ts'
import { rngOf } from '../src/simulator/chance.ts'
import { readContestants } from '../src/simulator/contestants.ts'
import { FluidWorld, type WorldSpec } from '../src/simulator/fluid/world.ts'
import { RIVALS } from '../src/simulator/rivals/table.ts'
import { type Contestant, type Outcome, run } from '../src/simulator/run.ts'
import { median, rounded } from './kit/numbers.ts'
import {
  HELD_OUT,
  RUN_OPTIONS,
  readRuns,
  SERVER,
  scenariosOf,
  TRACES,
  worldOf,
} from './kit/scaling-traces.ts'

const TARGETS = ['hpa', 'keda', 'kpa', 'aws', 'mig', 'ess', 'mimir-1d', 'mimir-7d', 'tidegate'].flatMap(
  (name) => [70, 60, 50].map((target) => `${name}@${target}`),
)
const POLICIES = ['fixed', 'threshold', 'threshold-20%', ...TARGETS].join(',')
/** Every way to scale over eight real traces, or over six that were held out, each with the arrivals that several seeds draw: what it costs, and who waits. A trace's figures are means
 *  over the seeds; those of all traces are means, with the median and the worst of their violations beside. */
export async function benchScaling(args: readonly string[]): Promise<object> {
  const { traces, startupMs, seeds, contestants } = optionsOf(args)
  const world = worldOf(startupMs)
  const results = traces.map((source) => {
    const { file } = source
    process.stderr.write(`${file}\n`)
    const scenarios = scenariosOf(source, { world, seeds })
    const policies = contestants.map((contestant) => meanOf(scenarios.map((one) => run(one, contestant))))
    return { trace: file, startupMs, policies: policies.map(shortened) }
  })
  return {
    name: 'scaling',
    trace: `mean of ${traces.length} traces`,
    startupMs,
    seeds,
    policies: contestants.map((_contestant, index) =>
      summary(results.map(({ policies }) => policies[index]!)),
    ),
    traces: results,
    worldStepsPerSecond: rounded(worldSpeed(world)),
    targetWorldStepsPerSecond: 1_000_000,
  }
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...RUN_OPTIONS,
      'held-out': { type: 'boolean', default: false },
      seeds: { type: 'string', default: '5' },
      policies: { type: 'string', default: POLICIES },
    },
  })
  const read = readContestants(values.policies, [...RIVALS, ...tidegates(SERVER)])
  if (!read.ok) throw new Error(`--policies: ${read.problem}`)
  const traces = values['held-out'] ? HELD_OUT : TRACES
  return { traces, ...readRuns(values), contestants: read.contestants satisfies readonly Contestant[] }
}

type Figures = Omit<Outcome, 'name'>

/** Of outcomes of one policy. */
function meanOf(outcomes: readonly Outcome[]): Outcome {
  const [{ name, ...figures }] = outcomes as readonly [Outcome]
  const mean = (key: keyof Figures) => outcomes.reduce((sum, one) => sum + one[key], 0) / outcomes.length
  const keys = Object.keys(figures) as (keyof Figures)[]
  return { name, ...(Object.fromEntries(keys.map((key) => [key, mean(key)])) as unknown as Figures) }
}

function summary(outcomes: readonly Outcome[]): object {
  const violations = outcomes.map(({ violationsPct }) => violationsPct)
  return {
    ...shortened(meanOf(outcomes)),
    medianViolationsPct: rounded(median(violations)),
    worstViolationsPct: rounded(Math.max(...violations)),
  }
}

function shortened({ name, ...figures }: Outcome): Outcome {
  const short = Object.entries(figures).map(([key, value]) => [key, rounded(value, 4)])
  return { name, ...(Object.fromEntries(short) as unknown as Figures) }
}

/** Steps a second with a fleet that does not change. */
function worldSpeed(spec: WorldSpec): number {
  const steps = 2_000_000
  const world = new FluidWorld(spec, rngOf(1), { serving: 40, mostSteps: steps })
  const startedAt = performance.now()
  for (let step = 0; step < steps; step++) world.step(30_000)
  return (steps * 1000) / (performance.now() - startedAt)
}
