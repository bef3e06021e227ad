import { expect, test } from 'vitest'
import { untranslated } from '../../../../test/kit/chinese.ts'
import { about } from '../../../config/fixture.cases.ts'
import { parseSettings } from '../../../config/load.ts'
import { BALANCER_DRIVERS } from '../../index.ts'

/** One file with an ALB, parts of it replaced. */
function file(parts: { balancer?: string; listener?: string; pool?: string; more?: string }): string {
  return `
balancers: { shop: { driver: alicloud-alb, region: cn-hangzhou, ${parts.balancer ?? 'load-balancer: alb-1'} } }
listeners: { web: { balancer: shop, bind: ":80", pool: api, ${parts.listener ?? ''} } }
pools:
  api: { balancer: shop, fleet: api, ${parts.pool ?? ''} }
  ${parts.more ?? ''}
fleets: { api: { driver: fake, command: run, min: 3, max: 3 } }
`
}

const rule = (text: string) => file({ listener: `rules: [ { ${text} } ]` })

function problems(text: string): readonly string[] {
  const loaded = parseSettings(text, { ...about, balancerDrivers: BALANCER_DRIVERS })
  return loaded.ok ? [] : loaded.problems.map(({ path, message }) => `${path}: ${message}`)
}

test('takes what ALB can do', () => {
  const match =
    'host: "*.a.test", path: /static/*, method: [GET, HEAD], header: { x-color: blue }, cookie: { beta: { present: true } }, query: { v: { prefix: "2." } }, source: 10.0.0.0/8'
  const rules = [
    `{ match: { ${match} }, pool: assets }`,
    '{ match: { path: /new }, split: { pools: { api: 95, assets: 5 } } }',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: our own variables.
    '{ match: { path: /old/* }, redirect: { to: "https://${host}/new${query}" } }',
    '{ match: { path: /gone }, respond: { status: 410, body: gone } }',
  ]
  const more = 'assets: { balancer: shop, fleet: api, server-group: sgp-1 }'
  expect(problems(file({ listener: `rules: [ ${rules} ]`, more }))).toEqual([])
  const far = 'far: { balancer: shop, server-type: ip, servers: [ { address: "10.9.0.1:80" } ] }'
  for (const algorithm of ['least-connections', 'source-hash'])
    expect(problems(file({ pool: `algorithm: ${algorithm}, health: { type: tcp }`, more: far }))).toEqual([])
})

const REFUSED: readonly (readonly [string, string])[] = [
  [
    file({ balancer: '' }),
    'balancers.shop.load-balancer: missing; expected the id of an ALB instance, alb-..., or create',
  ],
  [file({ listener: 'protocol: tcp' }), 'listeners.web.protocol: expected http or https, got tcp'],
  [
    file({ pool: 'algorithm: first' }),
    'pools.api.algorithm: expected one of round-robin, least-connections, source-hash, got first',
  ],
  [
    file({ pool: 'health: { type: icmp }' }),
    'pools.api.health.type: expected one of http, https, tcp, grpc, got icmp',
  ],
  [
    file({ pool: 'health: { timeout: 1500ms }' }),
    'pools.api.health.timeout: expected whole seconds from 1s to 300s',
  ],
  [
    file({ pool: 'health: { method: PUT }' }),
    'pools.api.health.method: expected one of GET, HEAD, POST, got PUT',
  ],
  [file({ pool: 'retries: 2' }), 'pools.api.retries: alicloud-alb cannot do this; these can: gateway'],
  [file({ pool: 'server-type: name' }), 'pools.api.server-type: expected one of instance, ip, got name'],
  [
    file({ pool: 'server-group: sgp-1, server-type: ip' }),
    'pools.api.server-type: expected nothing: the group of server-group has its own, got ip',
  ],
  [
    file({ pool: 'server-protocol: grpc' }),
    'pools.api.server-protocol: listener web speaks http, and only https listeners send to servers by gRPC',
  ],
  [
    file({ pool: 'server-type: ip, servers: [ { address: "[fd00::1]:80" } ]' }),
    'pools.api.servers.0.address: expected an IPv4 address and port, got [fd00::1]:80',
  ],
  [
    rule('match: { path-regex: a }, pool: api'),
    'listeners.web.rules.0.match.path-regex: alicloud-alb cannot do this; these can: gateway',
  ],
  [
    rule('match: { header: { x-a: { regex: a } } }, pool: api'),
    'listeners.web.rules.0.match.header.x-a: it compares values and prefixes; expected one of these',
  ],
  [
    rule('match: { query: { a: "b*" } }, pool: api'),
    'listeners.web.rules.0.match.query.a: to it, * and ? in a value stand for others; expected none',
  ],
  [
    rule(
      'match: { source: [10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16, 10.4.0.0/16, 10.5.0.0/16, 10.6.0.0/16] }, pool: api',
    ),
    'listeners.web.rules.0.match.source: expected at most 5 networks',
  ],
  [
    rule('match: { method: [A, B, C, D, E, F, G, H, I, J], path: /a }, pool: api'),
    'listeners.web.rules.0.match: expected at most 10 values to compare, got 11',
  ],
  [
    rule('match: { path: /a }, redirect: { to: "https://a.test/b" }'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: our own variables.
    'listeners.web.rules.0.redirect.to: it always keeps the query; expected it at the end, such as https://${host}${path}${query}',
  ],
  [
    file({
      listener:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: our own variables.
        'protocol: https, tls: { certificates: [ { cert: a.pem, key: a.key } ] }, rules: [ { match: { path: /a }, redirect: { to: "http://${host}/b${query}" } } ]',
    }),
    'listeners.web.rules.0.redirect.to: an https listener redirects to https alone',
  ],
  [
    rule('match: { path: /a }, respond: { status: 304 }'),
    'listeners.web.rules.0.respond.status: expected 2xx, 4xx or 5xx, got 304',
  ],
  [
    rule('match: { path: /a }, respond: { body: "é" }'),
    'listeners.web.rules.0.respond.body: expected at most 1 KiB of ASCII',
  ],
  [
    rule('match: { path: /a }, respond: { type: text/csv }'),
    'listeners.web.rules.0.respond.type: expected one of text/plain, text/css, text/html, application/javascript, application/json, got text/csv',
  ],
]

test.each(REFUSED)('refuses with the place and the reason: %#', (text, problem) => {
  expect(problems(text)).toContain(problem)
})

test('tells each in Chinese', () => {
  expect(untranslated(REFUSED.map(([, problem]) => problem.replace(/^\S+: /, '')))).toEqual([])
})
