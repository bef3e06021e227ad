import type { Json } from './canonical.ts'
import { SUFFIXES } from './units.ts'

/** JSON Schema, draft 2020-12, or a part of it. */
export type JsonSchema = { readonly [keyword: string]: Json }

/** What may stand in the file, for people and for editors: the reference and the published JSON Schema are made of these.
 *  What a loader alone can tell, such as the bounds of a duration, an editor does not. */
export interface Form {
  /** `duration`, `a path that starts with /`. */
  readonly type: string
  /** `100ms to 1h`; empty when the type says it all. */
  readonly allowed: string
  readonly schema: JsonSchema
}

/** What any scalar may be instead: it is filled in when the file is loaded. */
export const PLACEHOLDER: JsonSchema = {
  // An editor would show a description in place of the key's own.
  $comment: `\${env:NAME} is an environment variable, \${file:PATH} the content of a file.`,
  type: 'string',
  pattern: '\\$\\{(env|file):[^}]+\\}',
}

/** Or a placeholder. */
export function orPlaceholder(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { $ref: '#/$defs/placeholder' }] }
}

/** Or a key whose value is left empty. */
export function orNothing(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] }
}

export function textForm(type: string, pattern: RegExp = /^.+$/): Form {
  return { type, allowed: '', schema: orPlaceholder({ type: 'string', pattern: pattern.source }) }
}

/** `allowed` as people read it. A word may stand instead, such as `none`. */
export function durationForm(allowed: string, word?: string): Form {
  const pattern = `^(${word === undefined ? '' : `${word}|`}0|\\s*(\\d+(\\.\\d+)?(ms|s|m|h|d))+\\s*)$`
  const schema = orPlaceholder({ anyOf: [{ type: 'string', pattern }, { const: 0 }] })
  return { type: word === undefined ? 'duration' : `duration or \`${word}\``, allowed, schema }
}

export function sizeForm(allowed: string): Form {
  return { type: 'size', allowed, schema: quantity(Object.keys(SUFFIXES.bytes)) }
}

export function bandwidthForm(): Form {
  return { type: 'bandwidth', allowed: 'above 0', schema: quantity(Object.keys(SUFFIXES['bits-per-second'])) }
}

export function shareForm(): Form {
  const pattern = '^\\s*\\d+(\\.\\d+)?%\\s*$'
  return { type: 'share', allowed: '0% to 100%', schema: orPlaceholder({ type: 'string', pattern }) }
}

/** Digits in quotes count too. */
export function wholeForm(min: number, max: number): Form {
  const number = { type: 'integer', minimum: min, maximum: max }
  const schema = orPlaceholder({ anyOf: [number, { type: 'string', pattern: '^\\d{1,15}$' }] })
  return { type: 'whole number', allowed: `${min} to ${max}`, schema }
}

export function choiceForm(words: readonly string[]): Form {
  return {
    type: 'word',
    allowed: words.map((word) => `\`${word}\``).join(', '),
    schema: orPlaceholder({ enum: words }),
  }
}

export const YES_NO: Form = { type: 'true or false', allowed: '', schema: { type: 'boolean' } }

export function listForm(type: string, items: JsonSchema = {}): Form {
  return { type, allowed: '', schema: { type: 'array', items } }
}

export function mappingForm(type: string, values: JsonSchema): Form {
  return { type, allowed: '', schema: { type: 'object', minProperties: 1, additionalProperties: values } }
}

export function textOrListForm(type: string): Form {
  const list = { type: 'array', minItems: 1, items: { type: 'string' } }
  return { type, allowed: '', schema: { anyOf: [{ type: 'string', minLength: 1 }, list] } }
}

function quantity(suffixes: readonly string[]): JsonSchema {
  return orPlaceholder({
    type: 'string',
    pattern: `^\\s*[0-9]+(\\.[0-9]+)?(${suffixes.join('|')})\\s*$`,
  })
}
