import type * as z from 'zod'
import type { EditsSpec, HeaderSpec, RewriteSpec } from '../core/rule.ts'
import { VARIABLES } from '../core/template.ts'
import type { Path } from './document.ts'
import { regexGroups } from './regex.ts'
import type { Report } from './report.ts'
import { checkRegex } from './rule-match.ts'
import type { RULE } from './rule-schema.ts'
import { checkTemplate } from './templates.ts'

type Parsed = z.output<typeof RULE>
type Direction = 'request' | 'response'

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,256}$/
const VALUE = /^[ -~]{0,4000}$/
/** They say where a message ends and what a connection does: RFC 9110 7.6.1 and 9112 6. */
const FRAMING = [
  'connection',
  'content-length',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
const OWN: Readonly<Record<Direction, readonly string[]>> = {
  request: ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  response: ['date', 'via'],
}
const KNOWN: Readonly<Record<Direction, readonly string[]>> = {
  request: VARIABLES,
  // The query's bytes are gone when an answer comes.
  response: VARIABLES.filter((name) => name !== 'query'),
}

/** Changes of headers; undefined when there are none. */
export function readEdits(
  parsed: Parsed['request'],
  direction: Direction,
  path: Path,
  report: Report,
): EditsSpec | undefined {
  if (parsed === undefined) return undefined
  const { remove = [], set, add } = parsed
  const isSingle = typeof remove === 'string'
  const removed = isSingle ? [remove] : remove
  if (direction === 'request') checkHost(removed, add, path, report)
  return {
    remove: removed.map((name, index) => {
      const at = isSingle ? [...path, 'remove'] : [...path, 'remove', index]
      return readName(name, direction, (message) => report.error(at, message))
    }),
    set: readHeaders(set, direction, [...path, 'set'], report),
    add: readHeaders(add, direction, [...path, 'add'], report),
  }
}

/** A request has one host, no more and no less. */
function checkHost(
  removed: readonly string[],
  added: Readonly<Record<string, unknown>> = {},
  path: Path,
  report: Report,
): void {
  for (const [key, names] of [
    ['remove', removed],
    ['add', Object.keys(added)],
  ] as const) {
    if (names.some((name) => name.toLowerCase() === 'host')) {
      report.error([...path, key], 'a request has one host; expected set: { host: ... }')
    }
  }
}

function readHeaders(
  raw: Readonly<Record<string, unknown>> = {},
  direction: Direction,
  path: Path,
  report: Report,
): readonly HeaderSpec[] {
  return Object.entries(raw).map(([written, value]) => {
    const at = [...path, written]
    const name = readName(written, direction, (message) => report.unknownKey(at, message))
    const isText = typeof value === 'string' || typeof value === 'number'
    const text = isText ? String(value) : ''
    if (!isText || !VALUE.test(text)) report.expected(at, 'text of at most 4000 printable characters')
    else checkTemplate(text, at, report, KNOWN[direction])
    return { name, value: text }
  })
}

function readName(written: string, direction: Direction, complain: (message: string) => void): string {
  const name = written.toLowerCase()
  if (!NAME.test(name)) complain('expected a name without spaces and separators')
  else if (FRAMING.includes(name)) complain(`${name} belongs to the connection; Tidegate alone writes it`)
  else if (OWN[direction].includes(name)) complain(`${name} is written by Tidegate itself`)
  return name
}

/** Another path towards the server; undefined when there is none. */
export function readRewrite(parsed: Parsed['rewrite'], path: Path, report: Report): RewriteSpec | undefined {
  if (parsed === undefined) return undefined
  const { prefix, regex, to } = parsed
  if ((prefix === undefined) === (regex === undefined)) {
    report.error(path, 'expected one of prefix and regex')
    return undefined
  }
  if (prefix !== undefined) {
    if (to !== '' && !to.startsWith('/')) report.expected([...path, 'to'], 'a path such as /new')
    return { by: 'prefix', prefix: prefix.replace(/\/+$/, ''), to: to.replace(/\/+$/, '') }
  }
  checkRegex(regex, [...path, 'regex'], report)
  const groups = regexGroups(regex!)
  const beyond = [...to.matchAll(/\$(\d+)/g)].find(([, group]) => Number(group) > groups)
  if (beyond) report.error([...path, 'to'], `${beyond[0]} is no group of the expression, which has ${groups}`)
  return { by: 'regex', regex: regex!, to }
}
