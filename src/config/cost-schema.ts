import type { JsonSchema } from '../core/form.ts'
import { mappingForm, orPlaceholder } from '../core/form.ts'
import { readShare, shareKind } from './amounts.ts'
import { timezone } from './calendar-schema.ts'
import { type About, choice, field, type Kind, percent, section, text, whole } from './fields.ts'

const MOST = 1_000_000
const MOST_WATTS = 100_000
/** More than any way to make power takes. */
const MOST_GRAMS = 3_000
const HOURS = 24
/** A rate may be ten times the usual one. */
const MOST_FACTOR = 10

const NUMBER = { type: 'string', pattern: '^\\d+(\\.\\d+)?$' }
const AMOUNT: JsonSchema = { anyOf: [{ type: 'number', minimum: 0, maximum: MOST }, NUMBER] }

const TYPES_EXPECTED = 'types of servers and what each costs an hour, such as { ecs.g7.large: 0.68 }'
const TYPES: Kind = { ...mappingForm('', AMOUNT), type: 'mapping', expects: TYPES_EXPECTED }

const INTENSITY: JsonSchema = { anyOf: [{ type: 'number', minimum: 0, maximum: MOST_GRAMS }, NUMBER] }
const INTENSITIES: JsonSchema = {
  anyOf: [INTENSITY, { type: 'array', minItems: HOURS, maxItems: HOURS, items: INTENSITY }],
}
const INTENSITY_EXPECTED = `grams a kWh from 0 to ${MOST_GRAMS}, such as 540, or a list of ${HOURS}, one for each hour`
const INTENSITY_KIND: Kind = {
  type: 'number or list',
  allowed: `0 to ${MOST_GRAMS}`,
  expects: INTENSITY_EXPECTED,
  schema: orPlaceholder(INTENSITIES),
}
const ZONES_KIND: Kind = {
  ...mappingForm('', INTENSITIES),
  type: 'mapping',
  expects: `zones and the grams a kWh of each, such as { cn-hangzhou-h: 540 }, or a list of ${HOURS}, one for each hour`,
}

/** Of money, or of something else that is counted in parts. */
function amountOf(raw: unknown, most = MOST): number | undefined {
  const value = typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw
  return typeof value === 'number' && value >= 0 && value <= most ? value : undefined
}

function amountKind(most: number): Kind {
  return {
    type: 'number',
    allowed: `0 to ${most}`,
    expects: `a number from 0 to ${most}, such as 0.5`,
    schema: orPlaceholder({ anyOf: [{ type: 'number', minimum: 0, maximum: most }, NUMBER] }),
  }
}

function amount(about: About, most = MOST) {
  return field(amountKind(most), (raw) => amountOf(raw, most), about)
}

function budgetAmount(about: About) {
  const kind: Kind = {
    type: 'number or `none`',
    allowed: `above 0, to ${MOST}`,
    expects: `an amount above 0, such as 500, or none`,
    schema: orPlaceholder({
      anyOf: [{ const: 'none' }, { type: 'number', exclusiveMinimum: 0, maximum: MOST }, NUMBER],
    }),
  }
  const read = (raw: unknown) => (raw === 'none' ? null : amountOf(raw) || undefined)
  return field<number | null>(kind, read, about)
}

function readTypes(raw: unknown): Readonly<Record<string, number>> | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const types = Object.entries(raw).map(([type, price]) => [type, amountOf(price)] as const)
  const isWhole = types.length > 0 && types.every(([, price]) => price !== undefined)
  return isWhole ? (Object.fromEntries(types) as Record<string, number>) : undefined
}

/** `price:` of a fleet. */
export const PRICE = section({
  currency: text('one to eight characters, such as CNY', /^\S{1,8}$/, {
    help: 'What amounts are shown in; nothing is converted.',
    default: 'CNY',
  }),
  'per-hour': amount({
    help: 'What a server costs an hour, where its driver does not know and `types` does not say. Default: not known.',
  }).optional(),
  types: field(TYPES, readTypes, {
    help: 'What a server of each type costs an hour, where its driver does not know.',
  }).optional(),
  spot: percent({ help: 'What a spot server costs of that.', default: '100%' }),
  night: section({
    from: whole({ help: 'From this hour on `night.factor` holds.' }, 0, 23).optional(),
    until: whole({ help: 'Until this hour; it may be of the next day.' }, 0, 23).optional(),
    factor: field(shareKind(MOST_FACTOR), (raw) => readShare(raw, MOST_FACTOR), {
      help: 'What servers cost then, of `per-hour` and `types`.',
      default: '100%',
    }),
  }),
  timezone: timezone({ help: 'Whose hours, days and months.', default: 'UTC' }),
})

/** `budget:` of a fleet. */
export const BUDGET = section({
  per: choice(['month', 'day'], { help: 'What `amount` is for.', default: 'month' }),
  amount: budgetAmount({
    help: 'When so much is spent, nothing is launched beyond what there is, but for `min`; an alert tells before. `none` = no limit.',
    default: 'none',
  }),
})

/** `watts:` of a fleet. */
export const WATTS = section({
  idle: amount(
    { help: 'What a server draws at rest. Default: as reckoned by its type, where that tells.' },
    MOST_WATTS,
  ).optional(),
  peak: amount({ help: 'And at full load.' }, MOST_WATTS).optional(),
})

function readIntensities(raw: unknown): readonly number[] | undefined {
  const all = Array.isArray(raw) ? raw : Array<unknown>(HOURS).fill(raw)
  const grams = all.map((one) => amountOf(one, MOST_GRAMS))
  return grams.length === HOURS && grams.every((one) => one !== undefined) ? grams : undefined
}

function readZones(raw: unknown): Readonly<Record<string, readonly number[]>> | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const zones = Object.entries(raw).map(([zone, grams]) => [zone, readIntensities(grams)] as const)
  const isWhole = zones.length > 0 && zones.every(([, grams]) => grams !== undefined)
  return isWhole ? (Object.fromEntries(zones) as Record<string, readonly number[]>) : undefined
}

/** `carbon:` of a fleet. */
export const CARBON = section({
  intensity: field(INTENSITY_KIND, readIntensities, {
    help: 'Grams of CO2 equivalent that a kWh makes where its servers stand: a number, or 24 for the hours of a day by `price.timezone`. Default: not counted.',
  }).optional(),
  zones: field(ZONES_KIND, readZones, {
    help: 'The same of some zones, such as `cn-hangzhou-h`; elsewhere `carbon.intensity` counts.',
  }).optional(),
  'per-tonne': amount({
    help: 'What a tonne counts for, in `price.currency`, where it is chosen what to launch and who leaves; 0 = it only tells equals apart. It is in no sum.',
    default: 0,
  }),
})
