import * as z from 'zod'
import { orPlaceholder } from '../core/form.ts'
import { MAX_ADDED_RATIO, MAX_SERVERS, readShare } from './amounts.ts'
import { duration, field, type Kind, text, whole, wholeOf } from './fields.ts'

const QUANTITY: Kind = {
  type: 'number or quantity',
  allowed:
    'above 0, in the unit of the metric; of `rps`, `rps-per-server` and `throughput` also a share up to 100%',
  expects: 'a number or a quantity such as 70%',
  schema: orPlaceholder({
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^\\d' },
    ],
  }),
}

export const policyName = text('letters, digits and hyphens', /^[A-Za-z0-9-]{1,60}$/, {
  help: 'For explanations. Default: type and metric, `target-rps`, else type and position, `step-2`.',
}).optional()

export const TARGET_POLICY = z.strictObject({
  type: z.unknown(),
  name: policyName,
  metric: text('the name of a metric', /^.+$/, { help: 'What to keep at `value`.' }),
  value: field(QUANTITY, readQuantity, {
    help: 'In the unit of the metric; so many servers are wanted that the metric comes to this. A share is one of what a server can carry (`capacity`).',
  }),
})

export const SEASONAL_POLICY = z.strictObject({
  type: z.unknown(),
  name: policyName,
  metric: text('the name of a metric', /^.+$/, { help: 'The load to look ahead of.' }),
  value: field(QUANTITY, readQuantity, {
    help: 'What of it one server carries, in the unit of the metric or as a share of what it can; mostly the `value` of the target.',
  }),
})

/** No more than all are removed. */
const MAX_REMOVED_RATIO = 1

function change(maxRatio: number, help: string) {
  const most = `${maxRatio * 100}%`
  const expects = `1 to ${MAX_SERVERS} servers, or a share such as 20%, at most ${most}`
  const kind: Kind = {
    type: 'servers or a share of them',
    allowed: `1 to ${MAX_SERVERS}, or to ${most}`,
    expects,
    schema: orPlaceholder({
      anyOf: [
        { type: 'integer', minimum: 1, maximum: MAX_SERVERS },
        { type: 'string', pattern: '^(\\d{1,15}|\\s*\\d+(\\.\\d+)?%)$' },
      ],
    }),
  }
  return field(kind, (raw) => readAmount(raw, maxRatio), { help }).optional()
}

export const STEP_POLICY = z.strictObject({
  type: z.unknown(),
  name: policyName,
  when: text('a rule such as cpu > 80%', /\S/, { help: 'A condition on metrics.' }),
  for: duration({
    help: 'How long it must have been true in every sample.',
    default: '1m',
    advice: {
      least: '30s',
      below: 'a spike that is over before a new server has started is enough to change the fleet',
      most: '30m',
      above: 'what the rule is there to mend lasts at least that long',
    },
  }),
  add: change(MAX_ADDED_RATIO, 'Servers to add; a share rounds up.'),
  remove: change(MAX_REMOVED_RATIO, 'Servers to remove; a share rounds down, to at least 1.'),
  set: whole({ help: 'The number of servers.' }, 0, MAX_SERVERS).optional(),
})

function readAmount(raw: unknown, maxRatio: number): { servers: number } | { ratio: number } | undefined {
  const servers = wholeOf(raw)
  if (servers !== undefined) return servers >= 1 && servers <= MAX_SERVERS ? { servers } : undefined
  const ratio = readShare(raw, maxRatio)
  return ratio === undefined ? undefined : { ratio }
}

/** Read further where the unit is known. */
function readQuantity(raw: unknown): string | number | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) && raw >= 0 ? raw : undefined
  return typeof raw === 'string' && /^\d/.test(raw) ? raw : undefined
}
