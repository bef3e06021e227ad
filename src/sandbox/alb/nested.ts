import type { Nested } from '../parameters.ts'
import type { Body } from '../world.ts'

/** What the API answers as a number or as true or false; all else in rules is text. */
const NUMBERS = new Set(['Order', 'Weight', 'Timeout', 'MaxAge', 'QPS', 'PerIpQps'])
const FLAGS = new Set(['Enabled', 'CoverEnabled'])

/** Flattened objects as an answer has them: lists as lists, and values as what they are. */
export function asJson(tree: Readonly<Record<string, Nested>>): Body {
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, jsonOf(name, value)]))
}

function jsonOf(name: string, value: Nested): unknown {
  if (typeof value !== 'string') {
    const keys = Object.keys(value)
    if (!keys.every((key) => /^\d+$/.test(key))) return asJson(value)
    const inOrder = keys.sort((a, b) => Number(a) - Number(b))
    return inOrder.map((key) => jsonOf(key, value[key]!))
  }
  if (NUMBERS.has(name)) return Number(value)
  return FLAGS.has(name) ? value.toLowerCase() === 'true' : value
}
