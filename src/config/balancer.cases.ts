import { type BadCase, bad } from './fixture.cases.ts'

/** A file with a balancer beside the gateway, one pool and one fleet. */
function driven(parts: { balancer?: string; listener?: string; pool?: string; fleet?: string }): string {
  return `
balancers: { ${parts.balancer ?? 'shop: { driver: elsewhere, place: there }'} }
listeners: { ${parts.listener ?? 'web: { balancer: shop, bind: ":80", pool: api }'} }
pools: { api: { ${parts.pool ?? 'balancer: shop, fleet: api'} } }
fleets: { api: { driver: fake, command: run, ${parts.fleet ?? 'max: 3'} } }
`
}

export const BALANCER_CASES: readonly BadCase[] = [
  bad(
    'a balancer that there is not',
    driven({ pool: 'balancer: §shopp, fleet: api' }),
    'pools.api.balancer',
    'no balancer is named shopp; did you mean shop?',
  ),
  bad(
    'a balancer by the name of our own',
    driven({ balancer: '§gateway: { driver: elsewhere, place: there }' }),
    'balancers.gateway',
    'gateway is the name of our own; give this balancer another name',
  ),
  bad(
    'a driver of balancers that there is not',
    driven({ balancer: 'shop: { driver: §elsewere, place: there }' }),
    'balancers.shop.driver',
    'no driver of balancers is named elsewere; did you mean elsewhere?',
  ),
  bad(
    'a key that the driver does not know',
    driven({ balancer: 'shop: { driver: elsewhere, place: there, §plaze: here }' }),
    'balancers.shop.plaze',
    'unknown key; did you mean place?',
  ),
  bad(
    'what the driver does not like',
    driven({ balancer: 'shop: { driver: elsewhere, place: §1 }' }),
    'balancers.shop.place',
    'expected a place, got 1',
  ),
  bad(
    'what the balancer cannot do for a pool',
    driven({ pool: 'balancer: shop, fleet: api, §retries: 3' }),
    'pools.api.retries',
    'elsewhere cannot do this; these can: gateway, overthere',
  ),
  bad(
    'what the balancer cannot do deep inside of a pool',
    driven({ pool: 'balancer: shop, fleet: api, health: { path: /up, §host: a.test }' }),
    'pools.api.health.host',
    'elsewhere cannot do this; these can: gateway',
  ),
  bad(
    'what the balancer cannot do in a rule',
    driven({
      listener:
        'web: { balancer: shop, bind: ":80", pool: api, rules: [ { match: { path: /a, §method: GET }, pool: api } ] }',
    }),
    'listeners.web.rules.0.match.method',
    'elsewhere cannot do this; these can: gateway',
  ),
  bad(
    'a value that the balancer cannot do',
    driven({ pool: 'balancer: shop, fleet: api, algorithm: §first' }),
    'pools.api.algorithm',
    'expected round-robin, got first',
  ),
  bad(
    "a key of another balancer's pools",
    driven({ pool: 'fleet: api, §corner: left', listener: 'web: { bind: ":80", pool: api }' }),
    'pools.api.corner',
    'unknown key',
  ),
  bad(
    'a listener of our own that sends to the pool of another',
    driven({ listener: 'web: { bind: ":80", pool: §api }' }),
    'listeners.web.pool',
    'pool api is of balancer shop, and this listener of gateway; expected the same',
  ),
  bad(
    'a rule of our own that sends to the pool of another',
    driven({ listener: 'web: { bind: ":80", rules: [ §{ match: { path: /a }, pool: api } ] }' }),
    'listeners.web.rules.0',
    'pool api is of balancer shop, and this listener of gateway; expected the same',
  ),
  bad(
    'a drain without an end',
    driven({ fleet: 'max: 3, drain: { timeout: §none }' }),
    'fleets.api.drain.timeout',
    'balancer shop does not tell what is in flight',
  ),
]
