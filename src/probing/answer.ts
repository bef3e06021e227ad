import { RE2JS } from 're2js'
import type { AnswerSpec } from '../core/health.ts'

/** More of an answer than this is not read. */
export const MAX_ANSWER_BYTES = 1024 * 1024
const SHOWN = 60

const expressions = new WeakMap<AnswerSpec, RE2JS>()

/** What an answer lacks, as a clause; null = nothing. `what` names it: `body`, `answer`. */
export function answerProblem(bytes: Buffer, answer: AnswerSpec, what: string): string | null {
  const { text, regex, json, leastBytes, mostBytes } = answer
  if (leastBytes !== undefined && bytes.length < leastBytes) {
    return `the ${what} has ${bytes.length} bytes, less than ${leastBytes}`
  }
  if (mostBytes !== undefined && bytes.length > mostBytes)
    return `the ${what} has more than ${mostBytes} bytes`
  if (text !== undefined && !bytes.includes(text)) return `the ${what} does not contain ${shown(text)}`
  if (regex !== undefined && !expressionOf(answer, regex).test(bytes.toString())) {
    return `the ${what} does not match ${regex}`
  }
  return json === undefined ? null : fieldProblem(bytes.toString(), json, what)
}

function expressionOf(answer: AnswerSpec, regex: string): RE2JS {
  const known = expressions.get(answer) ?? RE2JS.compile(regex)
  expressions.set(answer, known)
  return known
}

function fieldProblem(text: string, json: NonNullable<AnswerSpec['json']>, what: string): string | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return `the ${what} is not JSON`
  }
  for (const key of json.path) {
    const inner = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    if (!inner) return `the ${what} has no field ${json.path.join('.')}`
    value = (value as Record<string, unknown>)[key]
  }
  if (value === json.value) return null
  return `${json.path.join('.')} is ${shown(value)}, expected ${shown(json.value)}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`
}
