import { meanPrice, NO_PRICE } from '../../core/cost.ts'
import type { Settings } from '../../core/settings.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { type Size, type Sizing, sizingOf } from '../../simulator/sizing.ts'
import { CliError } from '../errors.ts'
import type { Output } from '../output.ts'
import { table } from '../table.ts'

/** As the command line gives them, with its defaults. Times are in ms, shares from 0 to 1. */
export interface AdviseScalingOptions {
  readonly qps: number
  readonly perServer: number
  readonly slots: number
  readonly target: number
  readonly limit: number
  readonly growth: number
  readonly startup: Millis
  readonly zones: number
  readonly objective: Millis
  readonly price?: number
  /** Of the file: its price, where no other is given. */
  readonly fleet?: string
}

/** Of a mean month. */
const MONTH_HOURS = 730

/** `tidegate advise scaling`. */
export function adviseScaling(
  options: AdviseScalingOptions,
  { out, json }: { readonly out: Output; readonly json: boolean },
): number {
  const { qps, perServer, slots, target, limit, growth, startup, zones, objective } = options
  if (limit < target)
    throw new CliError(
      `a limit of ${percent(limit)} is below the target of ${percent(target)}; give a --limit of at least that`,
      2,
    )
  const server = { slots, capacity: perServer }
  const sizing = sizingOf({
    qps,
    server,
    target,
    limit,
    growth,
    zones,
    startupMs: startup,
    objectiveMs: objective,
  })
  if (json) out.json({ ...sizing, ...(options.price !== undefined && costsOf(sizing, options.price)) })
  else print(sizing, options, out)
  return 0
}

/** With the price of the fleet that is named, where no other is given. Throws CliError. */
export function pricedBy(
  { file, fleets }: Pick<Settings, 'file' | 'fleets'>,
  options: AdviseScalingOptions,
): AdviseScalingOptions {
  const fleet = fleets.find(({ name }) => name === options.fleet)
  if (fleet === undefined) throw new CliError(`${file} has no fleet ${options.fleet}`, 2)
  const price = options.price ?? meanPrice(fleet.price ?? NO_PRICE)
  if (price === null)
    throw new CliError(`${file} tells no price of ${fleet.name}; give it price.per-hour, or write --price`, 2)
  return { ...options, price }
}

/** For each step up, what it adds to the one before. */
function print(sizing: Sizing, options: AdviseScalingOptions, { say, quote }: Output): void {
  const { price, objective } = options
  const headings = ['SERVERS', '>COUNT', '>USED', '>LATE', ...(price === undefined ? [] : ['>A MONTH'])]
  const rows = reasons(sizing, options).map(([why, { servers, used, late }]) => [
    say(why),
    String(servers),
    percent(used),
    `${(100 * late).toFixed(2)}%`,
    ...(price === undefined ? [] : [(servers * price * MONTH_HOURS).toFixed(2)]),
  ])
  for (const line of table(headings, rows, say)) quote(line)
  quote(say(`late: waits longer than ${formatDuration(objective)} before a server begins with it`))
}

function reasons(
  { busy, target, growth, zones, lost }: Sizing,
  options: AdviseScalingOptions,
): readonly (readonly [string, Size])[] {
  const share = percent(options.growth)
  return [
    ['kept busy', busy],
    [`used to ${percent(options.target)} at most`, target],
    ...(options.growth === 0
      ? []
      : [[`with growth of ${share} a minute until others have started`, growth] as const]),
    ...(zones === null || lost === null
      ? []
      : ([
          [`with one of ${options.zones} zones to lose`, zones],
          ['what is left when it is lost', lost],
        ] as const)),
  ]
}

/** By the hour and by the month, of all that are advised. */
function costsOf({ growth, zones }: Sizing, price: number) {
  const { servers } = zones ?? growth
  return { costPerHour: servers * price, costPerMonth: servers * price * MONTH_HOURS }
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`
}
