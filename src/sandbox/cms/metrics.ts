import type { Millis } from '../../core/time.ts'
import type { Call, Done } from '../operation.ts'
import { pageByNumber, pageByToken } from '../paging.ts'
import type { Given } from '../parameters.ts'
import { Refusal } from '../refusal.ts'
import { type Body, drawn, type World } from '../world.ts'
import { knownMetrics, shortestPeriod } from './known.ts'
import { type Point, pointsOf, statisticsOf } from './points.ts'
import type { Series } from './state.ts'
import { illegal, timeIn } from './times.ts'

const MAX_DIMENSIONS = 50
const LENGTH = { usual: 1000, most: 1440, parameter: 'Length' } as const
const PERIODS = [15, 60, 300, 900, 3600]
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The last point of each series, as old as it may be: of a server that has stopped it stays for long. */
export function describeMetricLast(call: Call): Done {
  const periodMs = periodOf(call.given)
  // https://www.alibabacloud.com/help/en/cms/developer-reference/api-cms-2019-01-01-describemetriclast
  const fromAt = call.now - (periodMs < 60_000 ? 20 * 60_000 : 2 * HOUR_MS)
  const last = seriesOf(call)
    .map((series) => pointsOf(series, periodMs, outUntil(call)).at(-1))
    .filter((point) => point !== undefined && point.timestamp >= fromAt)
  return answered(call, periodMs, last as readonly Point[])
}

/** The points after `StartTime` up to `EndTime`, oldest first. */
export function describeMetricList(call: Call): Done {
  const periodMs = periodOf(call.given)
  const toAt = timeIn(call.given, 'EndTime') ?? call.now
  const fromAt = timeIn(call.given, 'StartTime') ?? toAt - HOUR_MS
  if (fromAt >= toAt || toAt - fromAt > 31 * DAY_MS) throw illegal('StartTime and EndTime')
  const points = seriesOf(call)
    .flatMap((series) => pointsOf(series, periodMs, outUntil(call)))
    .filter(({ timestamp }) => timestamp > fromAt && timestamp <= toAt)
    .sort((a, b) => a.timestamp - b.timestamp)
  return answered(call, periodMs, points)
}

/** The end of the last period whose points are out. */
function outUntil({ now, world }: Call): Millis {
  return now - world.delays.pointMs
}

function answered(call: Call, periodMs: Millis, points: readonly Point[]): Done {
  const { page, NextToken } = pageByToken(points, call.given, LENGTH)
  const [world, text] = written(call.world, page)
  return {
    world,
    body: { Period: String(periodMs / 1000), ...text, ...(NextToken === '' ? {} : { NextToken }) },
  }
}

/** JSON inside the JSON. How an empty list looks is not documented: chance decides between the forms that clients must take. */
function written(world: World, points: readonly Point[]): readonly [World, Body] {
  if (points.length > 0) return [world, { Datapoints: JSON.stringify(points) }]
  const [next, chance] = drawn(world)
  return [next, [{ Datapoints: '[]' }, { Datapoints: '' }, {}][Math.floor(chance * 3)]!]
}

function seriesOf({ world, account, given }: Call): readonly Series[] {
  const wanted = dimensionsIn(given.text('Dimensions'))
  const [namespace, metric] = [given.text('Namespace'), given.text('MetricName')]
  const fits = (series: Series) =>
    series.account === account &&
    series.namespace === namespace &&
    series.metric === metric &&
    (wanted === null ||
      wanted.some((some) => Object.entries(some).every(([name, value]) => series.dimensions[name] === value)))
  return [...world.cms.series.values()].filter(fits)
}

/** null = of everything. */
function dimensionsIn(text: string): readonly Readonly<Record<string, string>>[] | null {
  if (text === '') return null
  const all = [parsed(text)].flat()
  if (!all.every((one) => typeof one === 'object' && one !== null)) throw badDimensions(text)
  if (all.length > MAX_DIMENSIONS) throw illegal(`Dimensions: at most ${MAX_DIMENSIONS} of them`)
  return all as readonly Readonly<Record<string, string>>[]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badDimensions(text)
  }
}

function badDimensions(text: string): Refusal {
  return new Refusal('ParameterInvalid', `parse param dimensions error(${text})`)
}

function periodOf(given: Given): Millis {
  const shortest = shortestPeriod(given.text('Namespace'), given.text('MetricName'))
  const seconds = given.number('Period', shortest)
  if (!PERIODS.includes(seconds) || seconds < shortest) throw illegal('Period')
  return seconds * 1000
}

export function describeMetricMetaList({ world, given }: Call): Done {
  const found = knownMetrics(world).filter(
    ({ namespace, metric }) =>
      (!given.has('Namespace') || given.text('Namespace') === namespace) &&
      (!given.has('MetricName') || given.text('MetricName') === metric),
  )
  const { page, TotalCount } = pageByNumber(found, given, { usual: 30, most: 10_000 })
  const Resource = page.map(({ namespace, metric, unit, period, dimensions, help }) => ({
    Namespace: namespace,
    MetricName: metric,
    Unit: unit,
    Periods: PERIODS.filter((seconds) => seconds >= period).join(','),
    Dimensions: dimensions,
    Statistics: statisticsOf(namespace).join(','),
    Description: help,
    Labels: '[]',
  }))
  return { world, body: { TotalCount: String(TotalCount), Resources: { Resource } } }
}
