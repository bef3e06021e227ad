import type { MatchSpec } from '../src/core/rule.ts'
import { Routes } from '../src/gateway/http/routing/routes.ts'
import { parseRequestHead, RequestHead } from '../src/gateway/http1/request-head.ts'
import { median, rounded } from './kit/numbers.ts'

const RULES = 1000
const OTHER_RULES = 100
const LOOKS = 100_000
/** Each of them asks all the rules. */
const OTHER_LOOKS = 2_000
const ROUNDS = 9
const ASKING = { clientAddress: '192.0.2.1', certificateNames: null }

/** What a request that passes none of these costs for each such rule. */
const OTHERS: Readonly<Record<string, MatchSpec>> = {
  method: { methods: ['PUT'] },
  size: { size: { least: 1, most: null } },
  source: { sources: ['10.0.0.0/8'] },
  type: { types: ['image/*'] },
  'header, exact': { headers: [{ name: 'x-version', is: 'exact', value: '2' }] },
  'header, regex': { headers: [{ name: 'x-version', is: 'regex', value: '^[2-9]$' }] },
  cookie: { cookies: [{ name: 'beta', is: 'exact', value: 'yes' }] },
  query: { query: [{ name: 'page', is: 'exact', value: '2' }] },
  'path-regex': { pathRegex: '^/v[0-9]+/(users|orders)/[0-9]+$' },
}

interface Request {
  readonly head: RequestHead
  readonly bytes: Buffer
}

/** How long the gateway looks for the rule of a request: among a thousand of hosts and paths, and for each rule that asks for more. */
export async function benchRouting(): Promise<object> {
  const requests = Array.from({ length: RULES }, (_, n) =>
    aRequest(hostOf(n).replace('*', 'www'), pathOf(n, 'x')),
  )
  const many = Array.from({ length: RULES }, (_, n) => ({ host: hostOf(n), path: pathOf(n, '*') }))
  const one = [aRequest('www.example.org', '/static/app.js')]
  return {
    name: 'routing',
    rules: RULES,
    hostAndPathNanos: nanosOf(many, requests, LOOKS),
    targetNanos: 2000,
    nanosPerOtherRule: Object.fromEntries(
      Object.entries(OTHERS).map(([what, match]) => {
        const rules = Array.from({ length: OTHER_RULES }, () => match)
        const nanos = nanosOf(rules, one, OTHER_LOOKS)
        return [what, rounded(nanos / OTHER_RULES)]
      }),
    ),
  }
}

/** One in three is a wildcard; twenty rules share a host. */
function hostOf(n: number): string {
  return `${n % 3 === 0 ? '*' : 'www'}.shop${n % 50}.example.org`
}

function pathOf(n: number, rest: string): string {
  return `/api/v${n % 7}/resource${n}/${rest}`
}

function aRequest(host: string, path: string): Request {
  const lines = ['Accept: */*', 'X-Version: 1', 'Content-Type: text/plain', 'Cookie: a=b; session=0123456789']
  const text = `GET ${path}?page=1&sort=name HTTP/1.1\r\nHost: ${host}\r\n${lines.join('\r\n')}\r\n\r\n`
  const bytes = Buffer.from(text)
  const head = new RequestHead({ headerBytes: 32_768, headerCount: 100 })
  if (parseRequestHead(bytes, 0, bytes.length, head) !== bytes.length) throw new Error(`no request: ${text}`)
  return { head, bytes }
}

/** Median of the rounds, the first of which only warms up. */
function nanosOf(rules: readonly MatchSpec[], requests: readonly Request[], looks: number): number {
  const routes = new Routes(
    rules.map((match, at) => [match, at] as const),
    -1,
  )
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    let found = 0
    const startedAt = performance.now()
    for (let look = 0; look < looks; look++) {
      const { head, bytes } = requests[look % requests.length]!
      found += routes.match(head, bytes, ASKING)!
    }
    const nanos = ((performance.now() - startedAt) / looks) * 1e6
    if (Number.isNaN(found)) throw new Error('nothing was found')
    return nanos
  })
  return rounded(median(rounds.slice(1)))
}
