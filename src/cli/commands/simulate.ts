import { writeFileSync } from 'node:fs'
import { fleetOf, targetFleet, tidegates } from '../../app/simulated-fleet.ts'
import { messageOf } from '../../core/fault.ts'
import { carbonRates } from '../../core/policy.ts'
import type { Settings } from '../../core/settings.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { type Assertion, brokenBy, readAssertion } from '../../simulator/assertion.ts'
import { readContestants } from '../../simulator/contestants.ts'
import { type Drawing, type Energy, EnergyMeter } from '../../simulator/energy.ts'
import { hoursText, type Priced } from '../../simulator/report/columns.ts'
import { page, type Results } from '../../simulator/report/page.ts'
import { Timeline } from '../../simulator/report/timeline.ts'
import { RIVALS } from '../../simulator/rivals/table.ts'
import { type Deciding, tidegate } from '../../simulator/rivals/tidegate.ts'
import { type Contestant, clairvoyantHours, type Outcome, run } from '../../simulator/run.ts'
import { type Scenario, scenarioOf } from '../../simulator/scenario.ts'
import { readTelling, type TellingOf } from '../../simulator/telling.ts'
import type { Trace } from '../../simulator/trace/trace.ts'
import { CliError } from '../errors.ts'
import { type LoadContext, type LoadOptions, readLoad } from '../load.ts'
import type { Output } from '../output.ts'
import { outcomeTable } from '../simulate-table.ts'
import { stalenessNotes, trialNotes } from '../trial-notes.ts'

/** As the command line gives them, with its defaults; what is absent is as with `--fleet` the fleet has it, else usual. Times are in ms. */
export interface SimulateOptions extends LoadOptions {
  readonly step?: Millis
  readonly policies: string
  readonly fleet?: string
  readonly startup?: Millis
  readonly startupSpread: number
  readonly startupFailing: number
  readonly drain: Millis
  readonly coldStart?: Millis
  readonly capacity?: number
  readonly slots: number
  readonly peak?: number
  readonly scaling: boolean
  readonly objective: Millis
  readonly timeout?: Millis
  readonly zones: number
  readonly zoneLoss?: Millis
  readonly stockOut?: Millis
  readonly stockOutFor: Millis
  readonly metrics: readonly string[]
  readonly warmUp: Millis
  readonly min?: number
  readonly max?: number
  readonly price?: number
  readonly seed: number
  readonly assert: readonly string[]
  readonly html?: string
}

export interface SimulateContext extends LoadContext {
  readonly out: Output
  readonly json: boolean
  /** Of the configuration; only asked for with `--fleet`. */
  settings(): Promise<Settings>
}

/** What waits longer is turned away where no timeout is given: twice the objective, and at least this. */
const LONGEST_WAIT_MS: Millis = 5_000
/** Longer steps of the world would hide what happens in them, shorter ones tell no more. */
const [SHORTEST_STEP_MS, LONGEST_STEP_MS] = [1_000, 15_000]
const MOST_STEPS = 10_000_000
const MIN_SERVERS = 2
const [USUAL_STARTUP_MS, USUAL_CAPACITY, USUAL_PEAK] = [120_000, 80, 40]
/** Beyond a start-up: policies look at minutes, and have to be seen to act. */
const LEAST_MS: Millis = 300_000

type Settled = SimulateOptions & { readonly startup: Millis; readonly capacity: number }

/** `tidegate simulate`: exit code 1 when something that was asserted is not so. */
export async function simulate(given: SimulateOptions, context: SimulateContext): Promise<number> {
  const { out, json } = context
  const assertions = assertionsOf(given.assert)
  const own = given.fleet === undefined ? null : fleetOf(await context.settings(), given.fleet)
  const options = settled(given, own)
  const contestants = contestantsOf(options, own)
  const tellings = tellingsOf(options.metrics, contestants)
  const read = await readLoad(options, context)
  for (const note of read.notes) out.note(note)
  const scenario = scenarioFor(read.trace, options, own)
  const { freshMs } = (own ?? targetFleet(options, 0.6)).fleet.guards
  const takesPart = contestants.some(({ rival }) => rival.name.startsWith('tidegate'))
  for (const note of trialNotes(trialsOf(options))) out.note(note)
  for (const note of takesPart ? stalenessNotes(tellings, freshMs) : []) out.note(note)
  const drawing = drawingOf(own)
  const runs = contestants.map((contestant) => {
    const { outcome, timeline } = timed(toldTo(contestant, scenario, tellings), contestant, drawing)
    return { outcome: priced(outcome, options.price), timeline }
  })
  const outcomes = runs.map(({ outcome }) => outcome)
  const clairvoyantServerHours = clairvoyantHours(scenario)
  const assumed = assumedOf(options, peakOf(options, own))
  const about = [aboutOf(scenario, clairvoyantServerHours), assumedText(assumed)]
  const trace = read.name
  if (json) {
    out.json({ trace, startupMs: options.startup, assumed, clairvoyantServerHours, policies: outcomes })
  } else {
    for (const sentence of about) out.line(sentence)
    for (const line of outcomeTable(outcomes, out.say)) out.quote(line)
    if (outcomes.some(({ costToClairvoyant }) => costToClairvoyant < 1)) out.note(BELOW_LEAST)
  }
  if (options.html !== undefined) writePage(options.html, { title: trace, about, scenario, runs }, out)
  const broken = assertions.flatMap((assertion) => brokenBy(assertion, outcomes))
  for (const sentence of broken) out.note(`not so: ${sentence}`)
  return broken.length > 0 ? 1 : 0
}

const BELOW_LEAST =
  'who knew the future kept servers at most 80 % full; whoever cost less filled them more than that'

/** What figures rest on beside the load. Times are in ms; `peakServers` null = the load is as it is. */
interface Assumed {
  readonly capacity: number
  readonly slots: number
  readonly startupMs: Millis
  readonly objectiveMs: Millis
  readonly peakServers: number | null
  readonly seed: number
}

function assumedOf(
  { capacity, slots, startup, objective, seed }: Settled,
  peakServers: number | null,
): Assumed {
  return { capacity, slots, startupMs: startup, objectiveMs: objective, peakServers, seed }
}

function assumedText({ capacity, slots, startupMs, objectiveMs, peakServers, seed }: Assumed): string {
  const load =
    peakServers === null ? 'the load is as it is' : `its peak is scaled to ${peakServers} servers at 70 %`
  const [startup, objective] = [formatDuration(startupMs), formatDuration(objectiveMs)]
  return `assumed: a server carries ${capacity}/s in ${slots} slots and takes ${startup} to start, a wait beyond ${objective} violates, ${load}, seed ${seed}`
}

/** A fleet's own capacity, start-up and price count where the command line has none. */
function settled(options: SimulateOptions, own: Deciding | null): Settled {
  const price = options.price ?? own?.fleet.price?.perHour
  return {
    ...options,
    startup: options.startup ?? own?.fleet.usualStartupMs ?? USUAL_STARTUP_MS,
    capacity: options.capacity ?? own?.fleet.capacityRps ?? USUAL_CAPACITY,
    ...(typeof price === 'number' && { price }),
  }
}

/** The load of a fleet is as it is, unless a peak is asked for. */
function peakOf({ scaling, peak }: SimulateOptions, own: Deciding | null): number | null {
  if (!scaling || (own !== null && peak === undefined)) return null
  return peak ?? USUAL_PEAK
}

/** Where the file says what a server draws; null = nobody does. */
function drawingOf(own: Deciding | null): Drawing | null {
  const watts = own?.fleet.watts
  return own === null || watts === undefined ? null : { watts, carbon: carbonRates(own.fleet) }
}

/** A run with what a page draws of it, and its energy where that can be told. */
function timed(scenario: Scenario, contestant: Contestant, drawing: Drawing | null) {
  const { startAt, warmSteps, world } = scenario
  const { stepMs } = world
  const timeline = new Timeline(scenario.arrivals.length * stepMs, stepMs)
  const energy = drawing && new EnergyMeter(drawing, { stepMs, startAt })
  const outcome = run(scenario, contestant, (moment) => {
    timeline.add(moment)
    if (moment.now > warmSteps * stepMs) energy?.add(moment)
  })
  return { outcome: { ...outcome, ...energy?.figures }, timeline }
}

function priced(outcome: Outcome & Partial<Energy>, price: number | undefined): Priced {
  return price === undefined ? outcome : { ...outcome, cost: outcome.serverHours * price }
}

interface Pictured {
  readonly title: string
  readonly about: readonly string[]
  readonly scenario: Scenario
  readonly runs: Results['runs']
}

function writePage(file: string, { title, about, scenario, runs }: Pictured, out: Output): void {
  const { startAt, world } = scenario
  try {
    writeFileSync(file, page({ title, about, startAt, capacity: world.server.capacity, runs }, out.say))
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${messageOf(error)}`)
  }
  out.note(`the report is in ${file}`)
}

function assertionsOf(texts: readonly string[]): readonly Assertion[] {
  const read = texts.map(readAssertion)
  const problems = read.filter((one) => typeof one === 'string')
  if (problems.length > 0) throw new CliError(problems.join('\n'), 2)
  return read.filter((one) => typeof one !== 'string')
}

function contestantsOf({ policies, capacity, slots }: Settled, own: Deciding | null) {
  const decided = own ? [tidegate(() => own, null)] : tidegates({ capacity, slots })
  const read = readContestants(policies, [...RIVALS, ...decided])
  const hint = own === null ? '' : '\nwith --fleet the policies of that fleet decide, as "tidegate"'
  if (!read.ok) throw new CliError(`${read.problem}${hint}`, 2)
  return read.contestants
}

function tellingsOf(texts: readonly string[], contestants: readonly Contestant[]): readonly TellingOf[] {
  return texts.map((text) => {
    const telling = readTelling(text)
    if (telling === null)
      throw new CliError(
        `--metrics: expected delay/period, such as 60s/60s, 60s/60s/1% with loss or hpa:15s/30s of one policy, got "${text}"`,
        2,
      )
    const names = contestants.map(({ rival }) => rival.name)
    if (telling.policy !== null && !names.includes(telling.policy))
      throw new CliError(
        `--metrics: "${telling.policy}" does not take part; expected one of ${names.join(', ')}`,
        2,
      )
    return telling
  })
}

/** The scenario as this policy hears of it: by what is said of it, else by what is said of everybody. */
function toldTo({ rival }: Contestant, scenario: Scenario, tellings: readonly TellingOf[]): Scenario {
  const own = tellings.findLast(({ policy }) => policy === rival.name)
  const telling = own ?? tellings.findLast(({ policy }) => policy === null)
  return telling ? { ...scenario, world: { ...scenario.world, telling } } : scenario
}

function scenarioFor(trace: Trace, options: Settled, own: Deciding | null): Scenario {
  const { capacity, slots, startup, startupSpread, startupFailing, objective, timeout } = options
  const finest = Math.ceil((trace.values.length * trace.stepMs) / MOST_STEPS / 1000) * 1000
  const stepMs = Math.min(LONGEST_STEP_MS, trace.stepMs, startup)
  const min = options.min ?? own?.fleet.min ?? MIN_SERVERS
  const max = options.max ?? own?.fleet.max ?? null
  if (max !== null && max < min)
    throw new CliError(`at most ${max} servers are fewer than at least ${min}`, 2)
  const scenario = scenarioOf(trace, {
    world: {
      server: { capacity, slots },
      startup: { medianMs: startup, sigma: startupSpread, failing: startupFailing },
      longestWaitMs: timeout ?? Math.max(LONGEST_WAIT_MS, 2 * objective),
      ...trialsOf(options),
      stepMs: Math.max(SHORTEST_STEP_MS, finest, stepMs),
    },
    peakServers: peakOf(options, own),
    warmMs: options.warmUp,
    min,
    max,
    objectiveMs: objective,
    seed: options.seed,
  })
  const countedMs = (scenario.arrivals.length - scenario.warmSteps) * scenario.world.stepMs
  if (countedMs < startup + LEAST_MS)
    throw new CliError(
      `only ${formatDuration(countedMs)} of load count after the warm-up, and ${formatDuration(startup + LEAST_MS)} are needed to tell anything: a start-up and ${formatDuration(LEAST_MS)}; try again when there is more, or give a shorter --warm-up or --startup`,
    )
  for (const afterMs of [options.zoneLoss ?? 0, options.stockOut ?? 0])
    if (afterMs >= countedMs)
      throw new CliError(
        `${formatDuration(afterMs)} after the warm-up the load is over: it ends after ${formatDuration(countedMs)}`,
        2,
      )
  return scenario
}

/** Instants count from the end of the warm-up. */
function trialsOf({ drain, coldStart, zones, zoneLoss, stockOut, stockOutFor }: SimulateOptions) {
  return {
    drainMs: drain,
    ...(coldStart !== undefined && { coldStartMs: coldStart }),
    ...(zoneLoss !== undefined && { zoneLoss: { atMs: zoneLoss, zones } }),
    ...(stockOut !== undefined && { stockOut: { fromMs: stockOut, untilMs: stockOut + stockOutFor } }),
  }
}

function aboutOf({ arrivals, warmSteps, world }: Scenario, clairvoyantServerHours: number): string {
  const counted = formatDuration((arrivals.length - warmSteps) * world.stepMs)
  const history = formatDuration(warmSteps * world.stepMs)
  return `${counted} after ${history} of history; who knew the future would have paid ${hoursText(clairvoyantServerHours)} server-hours`
}
