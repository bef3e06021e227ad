import type { Given } from '../parameters.ts'
import { invalid } from '../refusal.ts'

/** One setting as it is documented: what it may be, and what it is when nobody says. */
type Field =
  | { readonly is: 'flag'; readonly usual: boolean }
  | { readonly is: 'int'; readonly usual: number; readonly from: number; readonly to: number }
  | { readonly is: 'word'; readonly usual: string; readonly of: readonly string[] }
  | { readonly is: 'text'; readonly usual: string; readonly fits: RegExp }
  | { readonly is: 'texts'; readonly usual: readonly string[] }

export type Fields = Readonly<Record<string, Field>>

type ValueOf<F extends Field> = F extends { is: 'flag' }
  ? boolean
  : F extends { is: 'int' }
    ? number
    : F extends { is: 'texts' }
      ? readonly string[]
      : string

/** Settings with their names in the API, so that an answer is made of them as they are. */
export type Settings<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> }

export const flag = (usual: boolean) => ({ is: 'flag', usual }) as const
export const int = (usual: number, from: number, to: number) => ({ is: 'int', usual, from, to }) as const
export const word = (usual: string, of: readonly string[]) => ({ is: 'word', usual, of }) as const
export const text = (usual: string, fits = /^/) => ({ is: 'text', usual, fits }) as const
export const texts = (usual: readonly string[]) => ({ is: 'texts', usual }) as const

/** What is given of them, over what they were before or are usually. Throws a Refusal for a value out of its range. */
export function readFields<F extends Fields>(given: Given, fields: F, before?: Settings<F>): Settings<F> {
  const read = Object.entries(fields).map(([name, field]) => [
    name,
    given.has(name) ? readField(given, name, field) : (before?.[name] ?? field.usual),
  ])
  return Object.fromEntries(read) as Settings<F>
}

function readField(given: Given, name: string, field: Field): unknown {
  if (field.is === 'texts') return given.texts(name)
  const value = given.text(name)
  switch (field.is) {
    case 'flag':
      if (!/^(true|false)$/i.test(value)) throw invalid(name)
      return given.flag(name)
    case 'int':
      if (!/^\d+$/.test(value) || Number(value) < field.from || Number(value) > field.to)
        throw invalid(name, `must be from ${field.from} to ${field.to}`)
      return Number(value)
    case 'word': {
      const found = field.of.find((one) => one.toLowerCase() === value.toLowerCase())
      if (found === undefined) throw invalid(name, `must be one of ${field.of.join(', ')}`)
      return found
    }
    case 'text':
      if (!field.fits.test(value)) throw invalid(name)
      return value
  }
  return field satisfies never
}
