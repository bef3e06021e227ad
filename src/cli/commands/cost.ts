import type { FleetStatus } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { Alternative, CostReport, CostStatus } from '../../core/cost.ts'
import { COARSEST } from '../../core/history-levels.ts'
import { formatDuration } from '../../core/units.ts'
import type { Say } from '../../words/translate.ts'
import type { Context } from '../context.ts'
import { budgetLine, costLine, formerLine, MINUTE_MS, spanText } from '../cost-lines.ts'
import { CliError } from '../errors.ts'
import { table } from '../table.ts'
import { NO_FLEET } from './explain.ts'
import { rangeSince } from './history.ts'

interface CostOptions {
  readonly fleet: string | undefined
  /** An instant, or how long ago. */
  readonly since: string
}

/** `tidegate cost [FLEET]`: what each fleet costs and has cost, beside what others would have. */
export async function cost(
  { client, out, json, clock }: Context,
  { fleet, since }: CostOptions,
): Promise<number> {
  const { fromAt, toAt } = rangeSince({ since }, Math.floor(clock.now()))
  if (toAt - fromAt > COARSEST.keepMs)
    throw new CliError(
      `--since: the history has the last ${formatDuration(COARSEST.keepMs)}; give a later instant`,
      2,
    )
  const fleets = await fleetsOf()
  if (fleets.length === 0) out.note(NO_FLEET)
  const range = new URLSearchParams({ from: String(fromAt), to: String(toAt) })
  const items = await Promise.all(
    fleets.map(async ({ name, cost }) => ({
      ...(await client.get<CostReport>(`/api/v1/fleets/${encodeURIComponent(name)}/cost?${range}`)),
      now: cost,
    })),
  )
  if (json) out.json({ items, next: null })
  else for (const item of items) for (const line of lines(item, item.now, out.say)) out.quote(line)
  return 0

  async function fleetsOf(): Promise<readonly FleetStatus[]> {
    if (fleet === undefined) return (await client.get<Page<FleetStatus>>('/api/v1/fleets')).items
    return [await client.get<FleetStatus>(`/api/v1/fleets/${encodeURIComponent(fleet)}`)]
  }
}

function lines(report: CostReport, now: CostStatus | null, say: Say): string[] {
  const { fleet, fromAt, toAt, knownMs, kilowattHours, carbonGrams } = report
  const known = knownMs < toAt - fromAt - MINUTE_MS ? `, of which ${spanText(knownMs)} are known` : ''
  const carbon = carbonGrams === null ? '' : `, ${carbonText(carbonGrams)} CO2e`
  const energy = kilowattHours === null ? [] : [`reckoned energy: ${kilowattHours.toFixed(2)} kWh${carbon}`]
  return [
    say(`${fleet}: ${now === null ? 'nothing is known of its cost yet' : costLine(now)}`),
    ...(now?.former ?? []).map((one) => `  ${say(formerLine(one))}`),
    ...(now?.budget ? [`  ${say(budgetLine(now.budget))}`] : []),
    `  ${say(`in ${formatDuration(toAt - fromAt)}${known}`)}`,
    ...comparison(report, say).map((line) => `  ${line}`),
    ...(isShort(report) ? [`  ${say('it had fewer servers than its target asks for')}`] : []),
    ...energy.map((line) => `  ${say(line)}`),
  ]
}

/** Then it costs less than the least that keeps to the target. */
function isShort({ serverHours, least }: CostReport): boolean {
  return least !== null && serverHours < least.serverHours
}

function carbonText(grams: number): string {
  return grams < 1000 ? `${grams.toFixed(1)} g` : `${(grams / 1000).toFixed(2)} kg`
}

function comparison({ serverHours, cost, fixed, least, bursts }: CostReport, say: Say): string[] {
  const own = { serverHours, cost }
  const fixedText =
    fixed.by === 'target'
      ? `a fixed fleet of ${fixed.servers} for the peak`
      : `a fixed fleet of ${fixed.servers}, as many as there were most`
  const rows: [string, Alternative][] = [
    ['this fleet', own],
    [fixedText, fixed],
    ...(least === null
      ? []
      : [['the least, with the load known in advance', least] as [string, Alternative]]),
    [`bursts alone, above a fixed fleet of ${Number(bursts.usual.toFixed(1))}`, bursts],
  ]
  const cells = rows.map(([name, { serverHours, cost }]) => [
    say(name),
    serverHours.toFixed(2),
    cost === null ? '-' : cost.toFixed(2),
    own.serverHours === 0 ? '-' : `${Math.round((100 * serverHours) / own.serverHours)}%`,
  ])
  return table(['', '>SERVER-HOURS', '>COST', '>OF THIS'], cells, say)
}
