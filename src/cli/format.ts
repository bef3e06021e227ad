import type { FleetStatus } from '../core/admin.ts'
import type { Alert } from '../core/alerts.ts'
import type { Window } from '../core/calendar.ts'
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
import { isOpen, nameOf, termsOf } from '../core/windows.ts'

const MAX_IDS = 5

/** HH:MM:SS where the reader is. */
export function timeOf(at: Millis): string {
  return new Date(at).toTimeString().slice(0, 8)
}

/** With the date when that is not the one of `now`. */
export function whenOf(at: Millis, now: Millis): string {
  return dateOf(at) === dateOf(now) ? timeOf(at) : momentOf(at)
}

/** Date and time, whatever the day. */
export function momentOf(at: Millis): string {
  return `${dateOf(at)} ${timeOf(at)}`
}

function dateOf(at: Millis): string {
  const date = new Date(at)
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}

/** By its own clocks: `schedule night opens 2026-11-26 22:00, until 2026-11-27 08:00 (Asia/Shanghai): max 10`. */
export function windowLine(window: Window, now: Millis): string {
  const { startAt, endAt, timezone } = window
  const opens = isOpen(window, now) ? 'is open' : `opens ${minuteIn(timezone, startAt)}`
  return `${nameOf(window)} ${opens}, until ${minuteIn(timezone, endAt)} (${timezone}): ${termsOf(window)}`
}

function minuteIn(timezone: string, at: Millis): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
  return time.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
}

/** What is open, and what each policy has next. */
export function nearWindows(windows: readonly Window[], now: Millis): readonly Window[] {
  const [open, coming] = [
    windows.filter((one) => isOpen(one, now)),
    windows.filter((one) => one.startAt > now),
  ]
  return [
    ...open,
    ...coming.filter((one, index) => coming.findIndex(({ policy }) => policy === one.policy) === index),
  ]
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
    case 'park':
      return `- stop and keep ${idList(step.ids)}`
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

export function readingText(name: MetricName, reading: Reading, custom: CustomMetrics): string {
  if (!reading.ok) return reading.why.replace('-', ' ')
  // A decision may be older than the file, and tell of a metric that the file no longer has.
  const unit = metricNamed(name, custom) ? metricInfo(name, custom).unit : 'count'
  return formatValue(reading.sample.value, unit)
}

/** `at-max since 12:03:04: 12 servers are wanted, and max is 10`. */
export function alertLine({ name, sinceAt, says }: Alert, now: Millis): string {
  return `${name} since ${whenOf(sinceAt, now)}: ${says}`
}

/** An operator's command in force, as a sentence. */
export function orderLine(order: Order): string {
  const byItself = order.kind === 'replace' ? 'until that is done' : 'until taken back'
  const end = order.untilAt === null ? byItself : `until ${timeOf(order.untilAt)}`
  return `${orderText(order)} by ${order.by} since ${timeOf(order.at)}, ${end}`
}

/** The orders of a fleet; a pin that is out of its reach says what its limits make of it. */
export function orderLines({ orders, min, max }: Pick<FleetStatus, 'orders' | 'min' | 'max'>): string[] {
  return orders.map((order) => {
    const line = orderLine(order)
    if (order.kind !== 'pin' || (order.desired >= min && order.desired <= max)) return line
    return `${line}; ${order.desired > max ? `max makes it ${max}` : `min makes it ${min}`}`
  })
}

function orderText(order: Order): string {
  switch (order.kind) {
    case 'pause':
      return `scaling ${order.direction === 'both' ? 'in and out' : order.direction} paused`
    case 'pin':
      return `pinned to ${order.desired}`
    case 'drain':
      return `${order.server} drained`
    case 'replace':
      return 'every server of before replaced'
    case 'stop':
      return 'stopped'
    case 'weight':
      return `${order.member} in pool ${order.pool} set to weight ${order.weight}`
    case 'tuning':
      return `${order.action} what is tuned`
    case 'canary':
      return `${order.action} canary ${order.canary}`
    default:
      return order satisfies never
  }
}
