import {
  type CustomMetrics,
  type MetricName,
  metricInfo,
  metricNamed,
  type Reading,
} from '../core/metrics.ts'
import type { Order } from '../core/order.ts'
import type { Step } from '../core/step.ts'
import type { Millis } from '../core/time.ts'
import { formatValue } from '../core/units.ts'

const MAX_IDS = 5

/** HH:MM:SS where the reader is. */
export function timeOf(at: Millis): string {
  return new Date(at).toTimeString().slice(0, 8)
}

/** `+` makes, `-` removes, `~` changes. */
export function stepLine(step: Step): string {
  switch (step.kind) {
    case 'launch':
      return `+ launch ${step.request.count} ${step.request.fleet} (revision ${step.request.revision})`
    case 'put': {
      const weights = [...new Set(step.members.map(({ weight }) => weight))].join(', ')
      return `~ ${step.why} ${idList(step.members.map(({ id }) => id))} in pool ${step.pool} (weight ${weights})`
    }
    case 'confirm':
      return `~ confirm ${idList(step.ids)}`
    case 'drop':
      return `- drop ${idList(step.ids)} from pool ${step.pool}`
    case 'retire':
      return `- retire ${idList(step.ids)}`
    default:
      return step satisfies never
  }
}

function idList(ids: readonly string[]): string {
  const more = ids.length - MAX_IDS
  return ids.slice(0, MAX_IDS).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** `cpu 45%, rps no data`. */
export function readingList(readings: Readonly<Record<MetricName, Reading>>, custom: CustomMetrics): string {
  return Object.entries(readings)
    .map(([name, reading]) => `${name} ${readingText(name, reading, custom)}`)
    .join(', ')
}

function readingText(name: MetricName, reading: Reading, custom: CustomMetrics): string {
  if (!reading.ok) return reading.why.replace('-', ' ')
  // A decision may be older than the file, and tell of a metric that the file no longer has.
  const unit = metricNamed(name, custom) ? metricInfo(name, custom).unit : 'count'
  return formatValue(reading.sample.value, unit)
}

/** An operator's command in force, as a sentence. */
export function orderLine(order: Order): string {
  const end = order.untilAt === null ? 'until taken back' : `until ${timeOf(order.untilAt)}`
  return `${orderText(order)} by ${order.by} since ${timeOf(order.at)}, ${end}`
}

function orderText(order: Order): string {
  switch (order.kind) {
    case 'pause':
      return `scaling ${order.direction === 'both' ? 'in and out' : order.direction} paused`
    case 'pin':
      return `pinned to ${order.desired}`
    case 'drain':
      return `${order.server} drained`
    case 'stop':
      return 'stopped'
    case 'weight':
      return `${order.member} in pool ${order.pool} set to weight ${order.weight}`
    default:
      return order satisfies never
  }
}
