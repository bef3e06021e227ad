import { targetFleet } from '../../src/app/simulated-fleet.ts'
import { readTraceFile } from '../../src/cli/trace-file.ts'
import { fixed } from '../../src/simulator/rivals/fixed.ts'
import { tidegate } from '../../src/simulator/rivals/tidegate.ts'
import { type Contestant, run } from '../../src/simulator/run.ts'
import { scenarioOf } from '../../src/simulator/scenario.ts'
import { rounded } from './numbers.ts'

/** An ordinary load: days and weeks are much alike. */
const TRACE = 'nab_nyc_taxi'
const [WARM_DAYS, DAYS] = [7, 30]
const SERVER = { capacity: 80, slots: 8 }
const PEAK_SERVERS = 40
const [HOUR, DAY] = [3_600_000, 86_400_000]
/** Of a server for an hour; only how the two costs compare says anything. */
const PRICE = 0.68
const MONTH_HOURS = 730

/** What a month costs, and in how many of its minutes more arrives than servers can do, with one of three zones lost in an evening. Simulated. */
export function month(): object {
  const path = new URL(`../traces/${TRACE}.csv.gz`, import.meta.url).pathname
  const { trace: whole } = readTraceFile(path, null)
  const trace = { ...whole, values: whole.values.slice(0, ((WARM_DAYS + DAYS) * DAY) / whole.stepMs) }
  const scenario = scenarioOf(trace, {
    world: {
      server: SERVER,
      startup: { medianMs: 120_000, sigma: 0.3, failing: 0.01 },
      longestWaitMs: 5_000,
      stepMs: 15_000,
      drainMs: 30_000,
      zoneLoss: { atMs: 20 * DAY + 20 * HOUR, zones: 3 },
    },
    peakServers: PEAK_SERVERS,
    warmMs: WARM_DAYS * DAY,
    min: 2,
    max: null,
    objectiveMs: 250,
    seed: 1,
  })
  const of = (contestant: Contestant) => {
    let overloaded = 0
    let step = 0
    const outcome = run(scenario, contestant, ({ rps, serving }) => {
      if (step++ >= scenario.warmSteps && rps > serving * SERVER.capacity) overloaded++
    })
    const hours = ((scenario.arrivals.length - scenario.warmSteps) * scenario.world.stepMs) / HOUR
    return {
      monthlyCost: rounded((outcome.serverHours / hours) * MONTH_HOURS * PRICE),
      outageMinutes: rounded((overloaded * scenario.world.stepMs) / 60_000),
      violationsPct: rounded(outcome.violationsPct),
      costToFixedPeak: rounded(outcome.costToFixedPeak),
    }
  }
  return {
    what: `${DAYS} days of ${TRACE}, peak of ${PEAK_SERVERS} servers, 120 s to start, one of 3 zones lost in an evening; ${PRICE} a server-hour`,
    before: of({ rival: fixed, target: 0.7 }),
    after: of({ rival: tidegate((target) => targetFleet(SERVER, target)), target: 0.75 }),
  }
}
