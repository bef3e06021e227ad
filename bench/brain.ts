import { targetFleet } from '../src/app/simulated-fleet.ts'
import { readTraceFile } from '../src/cli/trace-file.ts'
import type { LoadSeries } from '../src/core/forecast.ts'
import { forecastOf } from '../src/scaling/forecast/forecast.ts'
import { LOAD_BACK_MS, LOAD_STEP_MS } from '../src/scaling/forecast/outlook.ts'
import { tidegate } from '../src/simulator/rivals/tidegate.ts'
import { run } from '../src/simulator/run.ts'
import { scenarioOf } from '../src/simulator/scenario.ts'
import { resampled, type Trace } from '../src/simulator/trace/trace.ts'
import { World } from '../test/kit/world.ts'
import { rounded } from './kit/numbers.ts'

const TRACE = 'nab_nyc_taxi'
const SERVER = { capacity: 80, slots: 8 }
const DAYS = 87
const [MINUTE, DAY] = [60_000, 86_400_000]
const TICKS = 5_000
const FORECASTS = 5

/** How quickly time passes in the simulator, in seconds of CPU: whole controllers with their journal, servers and balancer; and the decisions of
 *  `simulate` over 87 days by the minute. Forecasts are reckoned apart, from what one costs. */
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
  const simulated = await seconds(() => simulate(days))
  const forecast = (await seconds(() => forecasts(days))) / FORECASTS
  const all = (forecast * DAYS * DAY) / LOAD_STEP_MS
  return {
    name: 'brain',
    controllerTicksPerSecond: rounded(TICKS / ticks),
    targetControllerTicksPerSecond: 5_000,
    days: DAYS,
    stepMs: MINUTE,
    decidingSeconds: rounded(simulated),
    forecastMs: rounded(1000 * forecast),
    withForecastsSeconds: rounded(simulated + all),
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

function simulate(trace: Trace): void {
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
  run(scenario, { rival: tidegate((target) => targetFleet(SERVER, target)), target: 0.75 })
}

/** As many as a policy of type `forecast` would make in that many steps of the load, each after as long a history as it may have. */
function forecasts(trace: Trace): void {
  const { values } = resampled(trace, LOAD_STEP_MS)
  const length = LOAD_BACK_MS / LOAD_STEP_MS
  for (let origin = 0; origin < FORECASTS; origin++) {
    const part = Float64Array.from(values.slice(origin * 288, origin * 288 + length))
    const load: LoadSeries = { startAt: 0, stepMs: LOAD_STEP_MS, means: part, peaks: part }
    forecastOf(load, length * LOAD_STEP_MS, 3 * MINUTE)
  }
}
