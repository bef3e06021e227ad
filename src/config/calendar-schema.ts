import * as z from 'zod'
import { orPlaceholder, textForm } from '../core/form.ts'
import { MAX_SERVERS } from './amounts.ts'
import { type About, duration, field, type Kind, list, text, whole } from './fields.ts'
import { policyName } from './policy-schema.ts'
import { isTimezone, timezoneHint } from './zones.ts'

const MAX_MULTIPLIER = 100
const MULTIPLIER: Kind = {
  type: 'number',
  allowed: `above 1, to ${MAX_MULTIPLIER}`,
  expects: `a number above 1, at most ${MAX_MULTIPLIER}`,
  schema: orPlaceholder({
    anyOf: [
      { type: 'number', exclusiveMinimum: 1, maximum: MAX_MULTIPLIER },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?$' },
    ],
  }),
}

const cron = (help: string) => text('five fields of cron such as "0 22 * * *"', /\S/, { help })
const servers = (help: string) => whole({ help }, 0, MAX_SERVERS).optional()

export const SCHEDULE_POLICY = z.strictObject({
  type: z.unknown(),
  name: policyName,
  cron: cron('Minute, hour, day, month, weekday: when a window opens.'),
  until: cron('When it closes. Either this or `duration`.').optional(),
  duration: duration({ help: 'How long it stays open.' }, { min: '1m', max: '31d' }).optional(),
  timezone: timezone({ help: 'Whose clocks `cron` and `until` mean.' }),
  min: servers('No fewer servers while it is open; at least one of `min` and `max`.'),
  max: servers('No more servers while it is open.'),
})

export const CALENDAR_POLICY = z.strictObject({
  type: z.unknown(),
  name: policyName,
  timezone: timezone({ help: 'Whose clocks times without an offset mean.' }).optional(),
  lead: duration({
    help: 'So long before an event its servers are wanted. Default: `startup.timeout` of the fleet.',
  }).optional(),
  events: list('a list of events', { help: 'In any order; those of the past do nothing.' }),
})

export const CALENDAR_EVENT = z.strictObject({
  name: text('1 to 60 letters, digits, spaces and hyphens', /^[\p{L}\p{N} -]{1,60}$/u, {
    help: 'For explanations.',
  }),
  start: time({ help: 'When the load begins.' }),
  end: time({ help: 'When it is over.' }),
  multiplier: field(MULTIPLIER, readMultiplier, {
    help: 'So many times the load is expected: a floor of so many times the servers that were wanted when the event began.',
  }).optional(),
  min: servers('No fewer servers; at least one of `multiplier` and `min`.'),
})

export function timezone(about: About) {
  const read = (raw: unknown) => (typeof raw === 'string' && isTimezone(raw) ? raw : undefined)
  const suggest = (raw: unknown) => (typeof raw === 'string' ? timezoneHint(raw) : '')
  return field(
    { ...textForm('time zone'), expects: 'a time zone such as Asia/Shanghai or UTC' },
    read,
    about,
    suggest,
  )
}

/** Read further where the time zone is known. */
function time(about: About) {
  return text('a time such as 2026-11-11T00:00', /\S/, about)
}

function readMultiplier(raw: unknown): number | undefined {
  const value = typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw
  return typeof value === 'number' && value > 1 && value <= MAX_MULTIPLIER ? value : undefined
}
