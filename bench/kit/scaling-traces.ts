import { readTraceFile } from '../../src/cli/trace-file.ts'
import type { Millis } from '../../src/core/time.ts'
import { parseDuration } from '../../src/core/units.ts'
import type { WorldSpec } from '../../src/simulator/fluid/world.ts'
import { type Scenario, scenarioOf } from '../../src/simulator/scenario.ts'

export interface Source {
  readonly file: string
  readonly stepMs: number | null
}

/** NASA's counts of a minute are so small that they are mostly noise. */
export const TRACES: readonly Source[] = [
  { file: 'crane_dsp_input2_60s', stepMs: null },
  { file: 'crane_dsp_input4_60s', stepMs: null },
  { file: 'crane_dsp_input8_60s', stepMs: null },
  { file: 'crane_dsp_input11_60s', stepMs: null },
  { file: 'crane_dsp_input13_60s', stepMs: null },
  { file: 'worldcup98_first45d_1min', stepMs: null },
  { file: 'nasa_http_jul95_1min', stepMs: 300_000 },
  { file: 'nab_cpu_utilization_asg_misconfiguration', stepMs: null },
]
/** No constant was chosen by these. */
export const HELD_OUT: readonly Source[] = [
  'crane_dsp_input0_60s',
  'crane_dsp_input15_first_week_15s',
  'nab_elb_request_count_8c0756',
  'nab_rds_cpu_utilization_e47b3b',
  'nab_ec2_cpu_utilization_5f5533',
  'nab_nyc_taxi',
].map((file) => ({ file, stepMs: null }))
export const SERVER = { capacity: 80, slots: 8 }
const WEEK_MS = 7 * 86_400_000

/** What those take who run the traces, beside the number of seeds that each takes by itself. */
export const RUN_OPTIONS = {
  json: { type: 'boolean' },
  startup: { type: 'string', default: '120s' },
} as const

export function readRuns({ startup, seeds: count }: { readonly startup: string; readonly seeds: string }) {
  const startupMs = parseDuration(startup)
  const seeds = Number(count)
  if (!startupMs) throw new Error(`--startup: expected a duration such as 120s, got "${startup}"`)
  if (!Number.isInteger(seeds) || seeds < 1) throw new Error(`--seeds: expected 1 or more, got "${count}"`)
  return { startupMs, seeds }
}

export function worldOf(startupMs: Millis): WorldSpec {
  return {
    server: SERVER,
    startup: { medianMs: startupMs, sigma: 0, failing: 0 },
    longestWaitMs: 5_000,
    stepMs: 15_000,
  }
}

/** A trace with the arrivals that each of the seeds draws. */
export function scenariosOf(
  { file, stepMs }: Source,
  { world, seeds }: { readonly world: WorldSpec; readonly seeds: number },
): Scenario[] {
  const path = new URL(`../traces/${file}.csv.gz`, import.meta.url).pathname
  const { trace } = readTraceFile(path, stepMs)
  return Array.from({ length: seeds }, (_, index) =>
    scenarioOf(trace, {
      world,
      peakServers: 40,
      warmMs: WEEK_MS,
      min: 2,
      max: null,
      objectiveMs: 250,
      seed: index + 1,
    }),
  )
}
