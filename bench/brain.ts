import { tidegates } from '../src/app/simulated-fleet.ts'
import { readTraceFile } from '../src/cli/trace-file.ts'
import { run } from '../src/simulator/run.ts'
import { scenarioOf } from '../src/simulator/scenario.ts'
import type { Trace } from '../src/simulator/trace/trace.ts'
import { World } from '../test/kit/world.ts'
import { rounded } from './kit/numbers.ts'

const TRACE = 'nab_nyc_taxi'
const SERVER = { capacity: 80, slots: 8 }
const DAYS = 87
const [MINUTE, DAY] = [60_000, 86_400_000]
/** So many that the compiler has warmed up for most of them. */
const TICKS = 25_000

/** How quickly time passes in the simulator, in seconds of CPU: whole controllers with their journal, servers and balancer; and the decisions of
 *  `simulate` over 87 days by the minute, by its `tidegate` and with a policy of type `forecast` beside. */
export async function benchBrain(): Promise<object> {
  const ticks = await seconds(async () => {
    const world = new World({ fleet: { min: 2, max: 20 } })
    world.load = 60
    world.start()
    await world.pass(TICKS * 1_000, () => {
      world.load = 60 + 40 * Math.sin(world.clock.now() / (10 * MINUTE))
    })
    world.kill()
  })
  const days = daysOf(DAYS)
  const decidingSeconds = await seconds(() => simulate(days, 'tidegate'))
  const withForecastsSeconds = await seconds(() => simulate(days, 'tidegate-forecast'))
  return {
    name: 'brain',
    controllerTicksPerSecond: rounded(TICKS / ticks),
    targetControllerTicksPerSecond: 5_000,
    days: DAYS,
    stepMs: MINUTE,
    decidingSeconds: rounded(decidingSeconds),
    withForecastsSeconds: rounded(withForecastsSeconds),
    targetSeconds: 60,
  }
}

async function seconds(run: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function daysOf(days: number): Trace {
  const path = new URL(`traces/${TRACE}.csv.gz`, import.meta.url).pathname
  const { trace } = readTraceFile(path, null)
  return { ...trace, values: trace.values.slice(0, (days * DAY) / trace.stepMs) }
}

function simulate(trace: Trace, name: string): void {
  const scenario = scenarioOf(trace, {
    world: {
      server: SERVER,
      startup: { medianMs: 2 * MINUTE, sigma: 0, failing: 0 },
      longestWaitMs: 5_000,
      stepMs: MINUTE,
    },
    peakServers: 40,
    warmMs: 7 * DAY,
    min: 2,
    max: null,
    objectiveMs: 250,
    seed: 1,
  })
  const rival = tidegates(SERVER).find((one) => one.name === name)!
  run(scenario, { rival, target: 0.75 })
}
