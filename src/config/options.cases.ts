const SERVERS = 'servers: [ { address: "10.0.0.1:80" }, { address: "10.0.0.2:80", weight: 7 } ]'

const LISTENER = `
    bind: ":8443"
    protocol: https
    pool: api
    tls:
      certificates: [ { cert: web.pem, key: web.key } ]
      min-version: TLSv1.3
      groups: [ X25519 ]
      handshake: 3s
      client-certificate: { ca: ca.pem, mode: request }
    trusted-proxies: 10.0.0.0/8
    trusted-header: forwarded
    limits: { header: 8KiB, headers: 50, body: 1MiB, first-byte: 11s, header-time: 12s, idle: 31s, body-time: 13s, response: 14s, connections: 15, connections-per-source: 20 }
    keep-alive: { idle: 40s, interval: 41s, count: 6 }
    proxy-protocol: required
    http2: { streams: 60, resets: 300 }`

const POOL = `
    ${SERVERS}
    fleet: f
    algorithm: header-hash
    slow-start: 20s
    retries: 1
    hash: { header: x-user, cookie: user, bound: 150 }
    affinity: { cookie: sid, lifetime: 1h, secret: sixteen-letters- }
    outlier: { connect-failures: 4, errors: 5, success-rate: true, time: 11s, most-time: 1m, share: 40% }
    weights: { policy: rtt, rtt-max: 100ms }
    timeouts: { try: 1s, total: 9s }
    hedge: { after: 200ms }
    breaker: { requests: 11, server-requests: 12, connections: 13, pending: 14, adaptive: 15 }
    upstream:
      { connect: 3s, idle: 5s, connections: 1500, pending: 16, keep-alive: { idle: 42s, interval: 43s, count: 7 }, proxy-protocol: v2, tls: { verify: false, ca: ca.pem, server-name: a.test, cert: web.pem, key: web.key } }`

const HTTP_CHECK = `
      { type: https, port: 81, path: /up, method: POST, version: "1.0", host: h.test, headers: { x-a: b }, authorization: { user: u, password: p }, expect: 204, text: t, regex: r, json: { path: a.b, value: 1 }, size: { least: 1B, most: 9KiB }, redirects: 2, latency: 900ms, certificate: { days: 9, action: warn }, interval: 16s, timeout: 2s, unhealthy: 4, healthy: 5, tls: { verify: false, ca: ca.pem, server-name: b.test, cert: web.pem, key: web.key } }`

const RULES = `
      - { match: { host: a.test, path: /a, path-regex: a, method: GET, header: { a: b }, cookie: { c: d }, query: { e: f }, source: 10.0.0.0/8, type: text/html, size: { least: 1B, most: 2B } }, pool: api, algorithm: header-hash, hash: { header: x-a, cookie: b, bound: 130 }, class: gold, rate-limit: { rate: 7/m, burst: 8, by: path }, concurrency: { requests: 9, queue: 10, wait: 6s }, sizes: { request: 3B, response: 4B }, compress: { encodings: gzip, min-size: 2KiB, types: text/css }, cache: { memory: 2MiB, max-size: 5KiB, entries: 6, stale-while-revalidate: 7s, stale-if-error: 8s }, cache-control: no-store, rewrite: { prefix: /a, to: /b }, mirror: { pool: other, share: 10%, body: 9KiB, in-flight: 11 }, request: { set: { a: "1" }, add: { b: "2" }, remove: c }, response: { set: { d: "3" }, add: { e: "4" }, remove: f } }
      - { match: { path: /s }, split: { pools: { api: 1, other: 2 }, sticky: cookie, cookie: side, lifetime: 2h }, rate-limit: { rate: 1/s, header: x-key } }
      - { match: { path: /c }, pool: api, canary: { pool: other, name: side, step: 20%, interval: 2m, min-requests: 200, success-drop: 2%, p95-rise: 30%, sticky: cookie, cookie: side, lifetime: 2h } }
      - { match: { path: /r }, redirect: { to: /new, status: 308 }, rate-limit: { rate: 1/s, cookie: key } }
      - { match: { path: /f }, respond: { status: 404, body: none, type: text/html } }
      - { match: { path: /x }, pool: api, rewrite: { regex: x, to: y } }`

const other = (keys: string) => `
  other: { servers: [ { address: "10.0.0.3:80" } ], ${keys} }`

const TOP = `https: only
gateway: { workers: 3, panic: 40%, access-log: a.log, access-log-format: combined, traces: make, resolvers: 10.0.0.2, bandwidth: 1Gbps }`

const file = (listeners: string, pools: string, top = '') => `${top}
listeners:${listeners}
pools:${pools}
fleets: { f: { driver: fake, command: run, max: 1 } }
`
const PLAIN = `
  web: { bind: ":80", pool: other }`

/** Each option of the gateway has another value than its default in one of these. */
export const FILES: readonly string[] = [
  file(
    '\n  web: { bind: ":80", rules: [ { match: { path: /a }, respond: {} } ], pool: other }',
    other('retries: 1'),
  ),
  file('\n  web: { bind: ":80", protocol: tcp, pool: other }', other('health: { type: icmp }')),
  file(
    '\n  web: { bind: ":443", protocol: tls, pool: other, tls: { passthrough: true } }',
    other('retries: 1'),
  ),
  file(
    '\n  web: { bind: ":443", protocol: https, pool: other, rules: [ { match: { client-certificate: a }, respond: {} } ], tls: { certificates: [ { cert: web.pem, key: web.key } ], client-certificate: { ca: ca.pem } } }',
    other('retries: 1'),
  ),
  file(
    '\n  web: { bind: ":80", pool: other, http2: { enabled: false } }',
    other('upstream: { protocol: http2, tls: { enabled: false } }'),
  ),
  file(PLAIN, other('health: { authorization: { bearer: token } }')),
  file(PLAIN, other('health: { type: grpc, service: s, tls: { enabled: false } }')),
  file(PLAIN, other('health: { type: tcp, send: ping, text: pong, regex: p }')),
  file(PLAIN, other('health: { type: command, command: check }')),
  file(
    `\n  web:${LISTENER}\n    rules:${RULES}`,
    `\n  api:${POOL}\n    health:${HTTP_CHECK}${other('retries: 1')}${other('retries: 1').replace('other', 'third')}`,
    TOP,
  ),
]

const copied = { cert: 'copy.pem', key: 'copy.key' }

/** What is instead of options that cannot be left out. */
export const OTHERS: Readonly<Record<string, object>> = {
  'listeners.*.bind': { bind: ':8444' },
  'listeners.*.tls.client-certificate.ca': { ca: 'web.pem' },
  'listeners.*.tls.certificates': { certificates: [copied] },
  'listeners.*.tls.certificates.*.cert': { cert: copied.cert },
  'listeners.*.tls.certificates.*.key': { key: copied.key },
  'listeners.*.tls.passthrough': { certificates: [copied] },
  'listeners.*.rules.*.pool': { pool: 'other' },
  'listeners.*.rules.*.split.pools': { pools: { api: 3, other: 2 } },
  'listeners.*.rules.*.canary.pool': { pool: 'third' },
  'listeners.*.rules.*.redirect.to': { to: '/other' },
  'listeners.*.rules.*.algorithm': { algorithm: 'uri-hash' },
  'listeners.*.rules.*.hash.header': { header: 'x-b' },
  'listeners.*.rules.*.rate-limit.rate': { rate: '8/m' },
  'listeners.*.rules.*.concurrency.requests': { requests: 12 },
  'listeners.*.rules.*.rewrite.prefix': { prefix: '/c' },
  'listeners.*.rules.*.rewrite.regex': { regex: 'z' },
  'listeners.*.rules.*.rewrite.to': { to: '/d' },
  'listeners.*.rules.*.mirror.pool': { pool: 'api' },
  'pools.*.health.authorization.user': { user: 'v' },
  'pools.*.health.authorization.password': { password: 'q' },
  'pools.*.health.json.path': { path: 'c' },
  'pools.*.health.json.value': { value: 2 },
  'pools.*.health.command': { command: 'other' },
  'pools.*.health.certificate.days': { days: 8 },
  'pools.*.health.tls.cert': { cert: copied.cert },
  'pools.*.health.tls.key': { key: copied.key },
  'pools.*.upstream.tls.cert': { cert: copied.cert },
  'pools.*.upstream.tls.key': { key: copied.key },
  'pools.*.hash.header': { header: 'x-b' },
  'pools.*.servers': { servers: [{ address: '10.0.0.8:80' }] },
  'pools.*.servers.*.address': { address: '10.0.0.9:80' },
}
