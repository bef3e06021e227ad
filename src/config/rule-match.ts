import type * as z from 'zod'
import { parseNetwork } from '../core/network.ts'
import type { FieldMatch, MatchSpec } from '../core/rule.ts'
import type { Path } from './document.ts'
import { regexProblem } from './regex.ts'
import type { Report } from './report.ts'
import { FIELD_EXPECTS, type RULE } from './rule-schema.ts'
import { hint } from './suggest.ts'

type Parsed = z.output<typeof RULE>['match']

const METHOD = /^[A-Z0-9_-]{1,40}$/
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/
const MEDIA_TYPE = /^[!#$&^_.+0-9A-Za-z-]+\/(?:[!#$&^_.+0-9A-Za-z-]+|\*)$/
/** What a header can hold and a file can show. */
const VALUE = /^[ -~]{1,1000}$/

/** `match` of a rule; what is wrong is told and left out. */
export function readMatch(parsed: Parsed, path: Path, report: Report): MatchSpec {
  const { host, size } = parsed
  const pattern = parsed['path-regex']
  checkRegex(pattern, [...path, 'path-regex'], report)
  if (size.least !== undefined && size.most !== undefined && size.least > size.most) {
    report.error([...path, 'size', 'most'], 'less than least, so that no request matches')
  }
  const words = { report, path }
  return present({
    host: host?.toLowerCase(),
    path: parsed.path,
    pathRegex: pattern,
    methods: readList(parsed.method, METHOD, 'a method such as GET, in capitals', {
      ...words,
      key: 'method',
    }),
    headers: readFields(parsed.header, { report, path: [...path, 'header'], fold: true }),
    cookies: readFields(parsed.cookie, { report, path: [...path, 'cookie'], fold: false }),
    query: readFields(parsed.query, { report, path: [...path, 'query'], fold: false }),
    sources: readNetworks(parsed.source, [...path, 'source'], report),
    types: readList(parsed.type, MEDIA_TYPE, 'a media type such as application/json or image/*', {
      ...words,
      key: 'type',
    })?.map((type) => type.toLowerCase()),
    size:
      size.least === undefined && size.most === undefined
        ? undefined
        : { least: size.least ?? 0, most: size.most ?? null },
    clientCertificate: readList(parsed['client-certificate'], VALUE, 'a name such as shop.example.org', {
      ...words,
      key: 'client-certificate',
    }),
  })
}

type Optional<T> = { readonly [Key in keyof T]: T[Key] | undefined }

/** Without the parts that are not there: two matches are one when their texts are. */
function present(match: Optional<Required<MatchSpec>>): MatchSpec {
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))
}

export function checkRegex(pattern: string | undefined, path: Path, report: Report): void {
  const problem = pattern === undefined ? null : regexProblem(pattern)
  if (problem !== null) report.error(path, problem)
}

interface Place {
  readonly report: Report
  readonly path: Path
}

function readList(
  raw: string | readonly string[] | undefined,
  pattern: RegExp,
  expects: string,
  { report, path, key }: Place & { readonly key: string },
): readonly string[] | undefined {
  if (raw === undefined) return undefined
  const single = typeof raw === 'string'
  const items = single ? [raw] : raw
  items.forEach((item, index) => {
    if (!pattern.test(item)) report.expected(single ? [...path, key] : [...path, key, index], expects)
  })
  return items
}

/** One network or several, none of which may be wrong. */
export function readNetworks(
  raw: string | readonly string[] | undefined,
  path: Path,
  report: Report,
): readonly string[] | undefined {
  if (raw === undefined) return undefined
  const single = typeof raw === 'string'
  const items = single ? [raw] : raw
  return items.filter((item, index) => {
    if (parseNetwork(item) !== null) return true
    report.expected(single ? path : [...path, index], 'a network such as 10.0.0.0/8 or 2001:db8::/32')
    return false
  })
}

/** `fold`: the case of names does not matter. */
function readFields(
  raw: Readonly<Record<string, unknown>> | undefined,
  { report, path, fold }: Place & { readonly fold: boolean },
): readonly FieldMatch[] | undefined {
  if (raw === undefined) return undefined
  return Object.entries(raw).flatMap(([written, value]) => {
    const at = [...path, written]
    const name = fold ? written.toLowerCase() : written
    if (!TOKEN.test(name)) report.unknownKey(at, 'expected a name without spaces and separators')
    const match = readField(name, value, at, report)
    return match === null ? [] : [match]
  })
}

function readField(name: string, raw: unknown, path: Path, report: Report): FieldMatch | null {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) {
    const [entry, ...more] = Object.entries(raw)
    if (entry !== undefined && more.length === 0) return readTest(name, entry, path, report)
  } else if (isValue(raw)) return { name, is: 'exact', value: String(raw) }
  report.expected(path, FIELD_EXPECTS)
  return null
}

function readTest(
  name: string,
  [key, raw]: readonly [string, unknown],
  path: Path,
  report: Report,
): FieldMatch | null {
  const at = [...path, key]
  switch (key) {
    case 'present':
      if (typeof raw === 'boolean') return { name, is: raw ? 'present' : 'absent' }
      report.expected(at, 'true or false')
      return null
    case 'prefix':
    case 'regex':
      if (!isValue(raw)) {
        report.expected(at, 'text of at most 1000 printable characters')
        return null
      }
      if (key === 'regex') checkRegex(String(raw), at, report)
      return { name, is: key, value: String(raw) }
    default:
      report.unknownKey(at, `unknown key${hint(key, ['prefix', 'regex', 'present'])}`)
      return null
  }
}

function isValue(raw: unknown): raw is string | number {
  return (typeof raw === 'string' && VALUE.test(raw)) || (typeof raw === 'number' && Number.isFinite(raw))
}
