import { type BadCase, bad, file } from './fixture.cases.ts'

/** A file whose listener has this one rule. */
export const withRule = (rule: string) => file({ web: `web: { bind: ":80", rules: [ ${rule} ] }` })

const matching = (name: string, match: string, path: string, message: string): BadCase =>
  bad(name, withRule(`{ match: { ${match} }, pool: api }`), `listeners.web.rules.0.match.${path}`, message)

export const RULE_CASES: readonly BadCase[] = [
  matching(
    'a pattern that never closes',
    'path-regex: §"a(b"',
    'path-regex',
    'not a regular expression of RE2: missing closing ): `a(b`',
  ),
  matching(
    'a pattern that looks ahead',
    'path-regex: §"(?=a)"',
    'path-regex',
    'invalid or unsupported Perl syntax',
  ),
  matching('a method in small letters', 'method: [ GET, §get ]', 'method.1', 'in capitals, got get'),
  matching('a network of too many bits', 'source: §10.0.0.0/33', 'source', 'expected a network such as'),
  matching('a network by name', 'source: [ §localhost ]', 'source.0', 'expected a network such as'),
  matching('a type without a kind', 'type: §json', 'type', 'expected a media type such as'),
  matching('a size that cannot be', 'size: { least: 2KiB, most: §1KiB }', 'size.most', 'less than least'),
  matching('headers as a list', 'header: §[ x-a ]', 'header', 'expected names of headers'),
  matching('no header', '§header: {}', 'header', 'expected names of headers'),
  matching(
    'a header that cannot be',
    'header: { §"x a": 1 }',
    'header.x a',
    'expected a name without spaces',
  ),
  matching(
    'a value of two kinds',
    'header: { §x-a: { prefix: a, regex: b } }',
    'header.x-a',
    'expected a value, or one of { prefix: }',
  ),
  matching(
    'yes for a value',
    'cookie: { beta: §true }',
    'cookie.beta',
    'expected a value, or one of { prefix: }',
  ),
  matching(
    'a misspelt test',
    'query: { v: { §prefx: a } }',
    'query.v.prefx',
    'unknown key; did you mean prefix?',
  ),
  matching(
    'presence in words',
    'query: { v: { present: §maybe } }',
    'query.v.present',
    'expected true or false',
  ),
  matching(
    'a pattern of a header that never closes',
    'header: { x-a: { regex: §"[" } }',
    'header.x-a.regex',
    'not a regular expression',
  ),
  matching(
    'a prefix of nothing',
    'header: { x-a: { prefix: §"" } }',
    'header.x-a.prefix',
    'expected text of',
  ),
  bad(
    'a rule behind one that asks for less',
    withRule(
      '{ match: { method: [GET, HEAD] }, pool: api }, §{ match: { method: GET, path: /a }, pool: api }',
    ),
    'listeners.web.rules.1',
    'can never match',
  ),
]
