import { type BadCase, bad, file } from './fixture.cases.ts'

/** A file whose listener has this one rule. */
export const withRule = (rule: string) => file({ web: `web: { bind: ":80", rules: [ ${rule} ] }` })

const matching = (name: string, match: string, path: string, message: string): BadCase =>
  bad(name, withRule(`{ match: { ${match} }, pool: api }`), `listeners.web.rules.0.match.${path}`, message)

const acting = (name: string, rule: string, path: string, message: string): BadCase =>
  bad(name, withRule(`{ ${rule} }`), `listeners.web.rules.0${path}`, message)

const editing = (name: string, request: string, path: string, message: string): BadCase =>
  acting(name, `pool: api, request: { ${request} }`, `.request.${path}`, message)

const ACTIONS: readonly BadCase[] = [
  editing('a request without a host', 'remove: §Host', 'remove', 'a request has one host; expected set:'),
  editing('a request with two hosts', '§add: { host: b }', 'add', 'a request has one host; expected set:'),
  acting(
    'a hash without an algorithm',
    'pool: api, §hash: { header: x-a }',
    '.hash',
    'it needs the algorithm of this rule',
  ),
  acting(
    'a mirror for nobody',
    'pool: api, mirror: { pool: §nobody }',
    '.mirror.pool',
    'no pool is named nobody',
  ),
  acting(
    'a mirror of more than all',
    'pool: api, mirror: { pool: api, share: §110% }',
    '.mirror.share',
    'expected a share from 0% to 100%',
  ),
  acting(
    'a mirror of any body',
    'pool: api, mirror: { pool: api, body: §1GiB }',
    '.mirror.body',
    'from 0B to 16MiB',
  ),
  acting(
    'a mirror of nothing',
    'pool: api, mirror: { pool: api, in-flight: §0 }',
    '.mirror.in-flight',
    'from 1 to 10000',
  ),
  acting(
    'an algorithm that there is not',
    'pool: api, algorithm: §fastest',
    '.algorithm',
    'expected least-connections, round-robin, random-two, least-time, source-hash, uri-hash, header-hash, cookie-hash, first or weighted-round-robin',
  ),
  acting(
    'a class in capitals',
    'pool: api, class: §Downloads',
    '.class',
    'expected 1 to 29 lower-case letters',
  ),
  bad(
    'a rule that does nothing',
    withRule('§{ match: { path: /a } }'),
    'listeners.web.rules.0',
    'it does nothing; expected one of pool, split, redirect and respond',
  ),
  acting(
    'a rule that does two things',
    'pool: api, §redirect: { to: /a }',
    '.redirect',
    'a rule does one thing, and this one has pool already',
  ),
  acting(
    'a split over nobody',
    'split: { pools: { nobody: §1 } }',
    '.split.pools.nobody',
    'no pool is named nobody',
  ),
  acting(
    'a split without weights',
    'split: { §pools: { api: much } }',
    '.split.pools',
    'expected pools and their weights',
  ),
  acting(
    'a canary of nobody',
    'pool: api, canary: { pool: §nobody }',
    '.canary.pool',
    'no pool is named nobody',
  ),
  acting('a canary of itself', 'pool: api, canary: { pool: §api }', '.canary.pool', 'expected another one'),
  acting(
    'a canary beside no pool',
    'respond: {}, §canary: { pool: api }',
    '.canary',
    'it needs the pool of before',
  ),
  acting(
    'a canary that hardly steps',
    'pool: api, canary: { pool: api, step: §0.009% }',
    '.canary.step',
    'nothing would ever move',
  ),
  acting(
    'a canary that guesses',
    'pool: api, canary: { pool: api, min-requests: §3 }',
    '.canary.min-requests',
    'from 20 to 1000000',
  ),
  acting('a split into nothing', 'split: { §pools: { api: 0 } }', '.split.pools', 'every weight is 0'),
  acting(
    'a split that sticks to anything',
    'split: { pools: { api: 1 }, sticky: §yes }',
    '.split.sticky',
    'expected none, cookie or source',
  ),
  acting(
    'a cookie of two words',
    'split: { pools: { api: 1 }, sticky: cookie, cookie: §"a b" }',
    '.split.cookie',
    'expected the name of a cookie',
  ),
  acting(
    'a cookie for a moment',
    'split: { pools: { api: 1 }, sticky: cookie, lifetime: §0s }',
    '.split.lifetime',
    'from 1s to 8760h',
  ),
  acting(
    'a redirect to a path of the client’s',
    `redirect: { to: §"/\${path}" }`,
    '.redirect.to',
    'expected an address such as',
  ),
  acting(
    'a redirect by name',
    'redirect: { to: §example.org }',
    '.redirect.to',
    'expected an address such as',
  ),
  acting(
    'a redirect to what nobody knows',
    `redirect: { to: §"https://\${hots}/" }`,
    '.redirect.to',
    'no variable is named hots; did you mean host?',
  ),
  acting(
    'a redirect that is none',
    'redirect: { to: /a, status: §304 }',
    '.redirect.status',
    'expected 301, 302, 303, 307 or 308, got 304',
  ),
  acting('an answer that is not final', 'respond: { status: §100 }', '.respond.status', 'from 200 to 599'),
  acting(
    'an answer of two lines of type',
    'respond: { type: §"a\\nb" }',
    '.respond.type',
    'expected a media type',
  ),
  acting(
    'a rewrite of two kinds',
    'pool: api, §rewrite: { prefix: /a, regex: b, to: /c }',
    '.rewrite',
    'expected one of prefix and regex',
  ),
  acting(
    'a rewrite of no kind',
    'pool: api, §rewrite: { to: /c }',
    '.rewrite',
    'expected one of prefix and regex',
  ),
  acting(
    'a rewrite to no path',
    'pool: api, rewrite: { prefix: /a, to: §b }',
    '.rewrite.to',
    'expected a path such as /new, got b',
  ),
  acting(
    'a rewrite with a query',
    'pool: api, rewrite: { prefix: /a, to: §/b?c }',
    '.rewrite.to',
    'expected a path such as /new',
  ),
  acting(
    'a rewrite of a prefix without a slash',
    'pool: api, rewrite: { prefix: §a, to: /b }',
    '.rewrite.prefix',
    'expected a path such as /new',
  ),
  acting(
    'a rewrite to a group that is not there',
    'pool: api, rewrite: { regex: "(a)", to: §/$2 }',
    '.rewrite.to',
    '$2 is no group of the expression, which has 1',
  ),
  acting(
    'a rewrite by a pattern that never closes',
    'pool: api, rewrite: { regex: §"(a", to: /b }',
    '.rewrite.regex',
    'not a regular expression',
  ),
  editing(
    'a length of its own',
    'set: { §content-length: 5 }',
    'set.content-length',
    'content-length belongs to the connection',
  ),
  editing(
    'a hop of its own',
    'remove: [ x-a, §Connection ]',
    'remove.1',
    'connection belongs to the connection',
  ),
  editing(
    'a client of its own',
    'add: { §X-Forwarded-For: 1.2.3.4 }',
    'add.X-Forwarded-For',
    'x-forwarded-for is written by Tidegate itself',
  ),
  editing('a header of two words', 'set: { §"x a": 5 }', 'set.x a', 'expected a name without spaces'),
  editing(
    'a header of two lines',
    'set: { x-a: §"a\\nb" }',
    'set.x-a',
    'expected text of at most 4000 printable characters',
  ),
  editing(
    'a header of what nobody knows',
    `set: { x-a: §"\${user}" }`,
    'set.x-a',
    'no variable is named user',
  ),
  acting(
    'a date of its own',
    'pool: api, response: { set: { §date: now } }',
    '.response.set.date',
    'date is written by Tidegate itself',
  ),
  acting(
    'a query in an answer',
    `pool: api, response: { set: { x-a: §"\${query}" } }`,
    '.response.set.x-a',
    'no variable is named query; known: client',
  ),
]

export const RULE_CASES: readonly BadCase[] = [
  bad(
    'a proxy by name',
    file({ web: 'web: { bind: ":80", pool: api, trusted-proxies: [ 10.0.0.0/8, §cdn.example ] }' }),
    'listeners.web.trusted-proxies.1',
    'expected a network such as 10.0.0.0/8 or 2001:db8::/32, got cdn.example',
  ),
  bad(
    'a header that no proxy writes',
    file({ web: 'web: { bind: ":80", pool: api, trusted-header: §x-real-ip }' }),
    'listeners.web.trusted-header',
    'expected x-forwarded-for or forwarded',
  ),
  ...ACTIONS,
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
