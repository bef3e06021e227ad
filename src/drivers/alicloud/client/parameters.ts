import { canonical, type Json } from '../../../core/canonical.ts'

/** A parameter that the cloud reads as JSON in one text, such as `InstanceIds` of DescribeInstances and `BackendServers` of CLB. */
export class JsonText {
  readonly value: Json

  constructor(value: Json) {
    this.value = value
  }
}

/** One parameter as the code writes it. Lists and objects are flattened: `Tag: [{ Key: 'a' }]` becomes `Tag.1.Key=a`. */
export type Parameter =
  | string
  | number
  | boolean
  | JsonText
  | undefined
  | readonly Parameter[]
  | { readonly [name: string]: Parameter }

export type Parameters = Readonly<Record<string, Parameter>>

/** As they stand in a query or a form. What is undefined is not sent; a number that is none is a defect and throws, for `NaN` servers
 *  must not be ordered. */
export function flatten(parameters: Parameters): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(parameters)) put(flat, name, value)
  return flat
}

function put(flat: Record<string, string>, name: string, value: Parameter): void {
  if (value === undefined) return
  if (value instanceof JsonText) flat[name] = canonical(value.value)
  else if (Array.isArray(value)) {
    // Counted from 1, and without holes: the cloud refuses a list that skips a number.
    const items: readonly Parameter[] = value.filter((item) => item !== undefined)
    items.forEach((item, index) => {
      put(flat, `${name}.${index + 1}`, item)
    })
  } else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) put(flat, `${name}.${key}`, inner)
  } else if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`${name} would be ${value}`)
  else flat[name] = String(value)
}
