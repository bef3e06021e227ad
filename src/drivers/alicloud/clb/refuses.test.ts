import { expect, test } from 'vitest'
import { untranslated } from '../../../../test/kit/chinese.ts'
import { about } from '../../../config/fixture.cases.ts'
import { parseSettings } from '../../../config/load.ts'
import { BALANCER_DRIVERS } from '../../index.ts'

/** One file with a CLB, parts of it replaced. */
function file(parts: { listener?: string; pool?: string; more?: string }): string {
  return `
balancers: { shop: { driver: alicloud-clb, region: cn-hangzhou, load-balancer: lb-1 } }
listeners: { web: { balancer: shop, bind: ":80", pool: api, ${parts.listener ?? ''} } }
pools:
  api: { balancer: shop, fleet: api, ${parts.pool ?? ''} }
  ${parts.more ?? ''}
fleets: { api: { driver: fake, command: run, min: 3, max: 3 } }
`
}

function problems(text: string): readonly string[] {
  const loaded = parseSettings(text, { ...about, balancerDrivers: BALANCER_DRIVERS })
  return loaded.ok ? [] : loaded.problems.map(({ path, message }) => `${path}: ${message}`)
}

test('takes what CLB can do', () => {
  const rules = 'rules: [ { match: { host: a.test, path: /static/* }, pool: assets } ]'
  const more = 'assets: { balancer: shop, fleet: api, server-group: rsp-1 }'
  expect(problems(file({ listener: rules, more }))).toEqual([])
  expect(
    problems(file({ listener: 'protocol: tcp', pool: 'algorithm: source-hash, health: { type: tcp }' })),
  ).toEqual([])
})

const REFUSED: readonly (readonly [string, string])[] = [
  [file({ listener: 'protocol: tls' }), 'listeners.web.protocol: expected http, https, tcp or udp, got tls'],
  [
    file({
      pool: 'server-group: rsp-1',
      more: 'other: { balancer: shop, fleet: api, server-group: rsp-1 }',
    }),
    'pools.other.server-group: pool api has rsp-1; expected another one',
  ],
  [
    file({ pool: 'algorithm: first' }),
    'pools.api.algorithm: expected round-robin behind a listener of http, got first',
  ],
  [
    file({ pool: 'health: { interval: 90s }' }),
    'pools.api.health.interval: expected whole seconds from 1s to 50s',
  ],
  [file({ pool: 'health: { unhealthy: 20 }' }), 'pools.api.health.unhealthy: expected 2 to 10, got 20'],
  [
    file({ pool: 'health: { type: icmp }' }),
    'pools.api.health.type: expected http behind a listener of http, got icmp',
  ],
  [
    file({ pool: 'health: { expect: 200 }' }),
    'pools.api.health.expect: expected whole hundreds from 200 to 599, such as 200-399',
  ],
  [file({ pool: 'retries: 2' }), 'pools.api.retries: alicloud-clb cannot do this; these can: gateway'],
  [
    file({ listener: 'rules: [ { match: { path: /a }, pool: api } ]' }),
    'listeners.web.rules.0.match.path: it compares the beginning of a path; expected /.../*',
  ],
  [
    file({
      listener: 'rules: [ { match: { path: /a/* }, pool: api }, { match: { path: /a/b/* }, pool: api } ]',
    }),
    'listeners.web.rules.1: a rule before it takes all that this one matches, and there the longest path wins; expected it before that rule',
  ],
  [
    file({
      listener:
        'rules: [ { match: { path: /a/* }, pool: api }, { match: { host: a.test, path: /a/b/* }, pool: api } ]',
    }),
    'listeners.web.rules.1: a rule before it takes some of what this one matches, and there the nearest host wins; expected it before that rule',
  ],
  [
    file({
      listener: 'rules: [ { match: { host: "*.test" }, pool: api }, { match: { host: a.test }, pool: api } ]',
    }),
    'listeners.web.rules.1: a rule before it takes some of what this one matches, and there the nearest host wins; expected it before that rule',
  ],
  [
    file({ listener: 'rules: [ { match: { path: /* }, pool: api } ]' }),
    'listeners.web.rules.0: it takes whatever comes; expected a host or a path, or pool of the listener',
  ],
  [
    file({ pool: 'server-group: rsp-1, server-port: 80' }),
    'pools.api.server-port: its servers have ports of their own; expected server-group: default beside it, got 80',
  ],
  [
    file({ pool: 'server-group: default' }),
    'pools.api.server-port: missing; expected a whole number from 1 to 65535',
  ],
  [
    file({
      pool: 'server-group: default, server-port: 80',
      listener: 'rules: [ { match: { path: /a/* }, pool: api } ]',
    }),
    'listeners.web.rules.0: rules send to virtual groups alone; expected a pool without server-group: default',
  ],
  [
    file({
      pool: 'server-group: default, server-port: 80',
      more: 'other: { balancer: shop, fleet: api, server-group: default, server-port: 81 }',
    }),
    'pools.other.server-group: api has the default group; expected another one',
  ],
  [
    file({ pool: 'servers: [ { address: "name:80" } ]' }),
    'pools.api.servers.0.address: expected the private address and port of an instance, got name:80',
  ],
]

test('refuses two balancers of one instance, of which each would take away what the other has made', () => {
  const twice = file({}).replace(
    'balancers: {',
    'balancers: { near: { driver: alicloud-clb, region: cn-hangzhou, load-balancer: lb-1 },',
  )
  const problem = 'balancer near has lb-1 already; expected its listeners and pools to name near'
  expect(problems(twice)).toContain(`balancers.shop: ${problem}`)
  expect(untranslated([problem])).toEqual([])
  expect(problems(twice.replace('lb-1 },', 'lb-2 },'))).not.toContain(`balancers.shop: ${problem}`)
})

test.each(REFUSED)('refuses with the place and the reason: %#', (text, problem) => {
  expect(problems(text)).toContain(problem)
})

test('tells each in Chinese', () => {
  expect(untranslated(REFUSED.map(([, problem]) => problem.replace(/^\S+: /, '')))).toEqual([])
})
