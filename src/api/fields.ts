import { userFault } from '../core/fault.ts'

/** What one field of a query string or of a JSON body may hold. The one source of checks, types and OpenAPI. */
export type Field = {
  readonly description: string
  readonly required?: true
  /** JSON null is a value; a query string cannot say it. */
  readonly nullable?: true
} & (
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'string'; readonly values?: readonly string[] }
)

export type Fields = Readonly<Record<string, Field>>

type ValueOf<F extends Field> =
  | (F extends { type: 'integer' } ? number : F extends { values: readonly (infer V)[] } ? V : string)
  | (F extends { nullable: true } ? null : never)
  | (F extends { required: true } ? never : undefined)

export type ValuesOf<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> }

/** Checks a parsed JSON body. Throws Fault `request.invalid` that names the field and what it takes. */
export function checkBody<F extends Fields>(fields: F, body: unknown): ValuesOf<F> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw userFault('request.invalid', 'the body must be a JSON object')
  }
  return check(fields, body as Record<string, unknown>)
}

/** Checks a query string, whose values are all text. Throws Fault `request.invalid`. */
export function checkQuery<F extends Fields>(
  fields: F,
  query: Readonly<Record<string, unknown>>,
): ValuesOf<F> {
  const typed = Object.entries(query).map(([name, value]) => {
    const wantsNumber = Object.hasOwn(fields, name) && fields[name]?.type === 'integer'
    return [name, wantsNumber && /^\d+$/.test(String(value)) ? Number(value) : value]
  })
  return check(fields, Object.fromEntries(typed))
}

function check<F extends Fields>(fields: F, given: Readonly<Record<string, unknown>>): ValuesOf<F> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(fields, name)) {
      throw userFault(
        'request.invalid',
        `"${name}" is not known here; known: ${Object.keys(fields).join(', ') || 'nothing'}`,
      )
    }
  }
  const values = Object.entries(fields).map(([name, field]) => [name, checked(name, field, given[name])])
  return Object.fromEntries(values) as ValuesOf<F>
}

function checked(name: string, field: Field, value: unknown): unknown {
  if (value === undefined && !field.required) return undefined
  if (value === null && field.nullable) return null
  if (!fits(field, value)) throw userFault('request.invalid', `${name}: expected ${expected(field)}`)
  return value
}

function fits(field: Field, value: unknown): boolean {
  if (field.type === 'integer') {
    return Number.isSafeInteger(value) && Number(value) >= field.minimum && Number(value) <= field.maximum
  }
  return typeof value === 'string' && value !== '' && (field.values?.includes(value) ?? true)
}

function expected(field: Field): string {
  const orNull = field.nullable ? ' or null' : ''
  if (field.type === 'integer') return `a whole number from ${field.minimum} to ${field.maximum}${orNull}`
  return (field.values?.map((value) => `"${value}"`).join(', ') ?? `text (${field.description})`) + orNull
}

/** The JSON Schema of one field. */
export function fieldSchema(field: Field): object {
  const type = field.nullable ? [field.type, 'null'] : field.type
  if (field.type === 'integer') return { type, minimum: field.minimum, maximum: field.maximum }
  return field.values ? { type, enum: field.values } : { type }
}
