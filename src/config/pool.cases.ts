import { type BadCase, bad, file } from './fixture.cases.ts'

/** A pool with a fleet, and the fleet's keys after its driver and command. */
function fleet(keys: string): string {
  return file({ api: 'api: { fleet: f }', fleets: `f: { driver: fake, command: run, ${keys} }` })
}

function policy(text: string): string {
  return fleet(`max: 5, policies: [ ${text} ]`)
}

export const POOL_CASES: readonly BadCase[] = [
  bad(
    'a header before datagrams to servers',
    file({
      web: 'web: { bind: ":80", protocol: udp, pool: api }',
      api: 'api: { servers: [ { address: "10.0.0.1:80" } ], upstream: { proxy-protocol: §v2 } }',
    }),
    'pools.api.upstream.proxy-protocol',
    'a udp listener sends to this pool, and datagrams have no header',
  ),
  bad(
    'a version of the PROXY protocol that there is not',
    file({ api: 'api: { fleet: api, upstream: { proxy-protocol: §v3 } }' }),
    'pools.api.upstream.proxy-protocol',
    'expected none, v1 or v2, got v3',
  ),
  bad(
    'more probes than the system counts',
    file({ api: 'api: { fleet: api, upstream: { keep-alive: { count: §128 } } }' }),
    'pools.api.upstream.keep-alive.count',
    'expected a whole number from 1 to 127, got 128',
  ),
  bad(
    'a pool without servers',
    file({ api: '§api: { retries: 1 }' }),
    'pools.api',
    'it has no servers; expected servers, fleet or both',
  ),
  bad(
    'a pool that is nothing',
    file({ api: '§api:' }),
    'pools.api',
    'expected a mapping of keys to values, got nothing',
  ),
  bad(
    'a fleet that nobody defines',
    file({ api: 'api: { fleet: §webb }', fleets: 'web: { driver: fake, command: run, max: 2 }' }),
    'pools.api.fleet',
    'no fleet is named webb; did you mean web?',
  ),
  bad(
    'a fleet in a list that nobody defines',
    file({ api: 'api: { fleet: [ §gone ] }' }),
    'pools.api.fleet.0',
    'no fleet is named gone; this file defines no fleet',
  ),
  bad(
    'an unknown algorithm',
    file({ api: 'api: { algorithm: §least-conections, servers: [ { address: "a:1" } ] }' }),
    'pools.api.algorithm',
    'did you mean least-connections?',
  ),
  bad(
    'a duration without a unit',
    file({ api: 'api: { health: { interval: §30 }, servers: [ { address: "a:1" } ] }' }),
    'pools.api.health.interval',
    'expected a duration such as 30s, from 100ms to 1h, got 30',
  ),
  bad(
    'a negative number',
    file({ api: 'api: { retries: §-1, servers: [ { address: "a:1" } ] }' }),
    'pools.api.retries',
    'expected a whole number from 0 to 10, got -1',
  ),
  bad(
    'statuses in the wrong order',
    file({ api: 'api: { health: { expect: §399-200 }, servers: [ { address: "a:1" } ] }' }),
    'pools.api.health.expect',
    'got 399-200',
  ),
  bad(
    'a weight of more than 1000',
    file({ api: 'api: { servers: [ { address: "a:1", weight: §1001 } ] }' }),
    'pools.api.servers.0.weight',
    'expected a whole number from 0 to 1000, got 1001',
  ),
  bad(
    'a server without a port',
    file({ api: 'api: { servers: [ { address: §10.0.0.1 } ] }' }),
    'pools.api.servers.0.address',
    'expected host:port, got 10.0.0.1',
  ),
  bad(
    'a server twice',
    file({ api: 'api: { servers: [ { address: "a:1" }, { address: §"A:1" } ] }' }),
    'pools.api.servers.1.address',
    'A:1 is in this pool twice, first on line 5',
  ),
  bad(
    'a fleet without a driver',
    file({ api: 'api: { fleet: f }', fleets: '§f: { max: 2 }' }),
    'fleets.f.driver',
    'missing; expected the kind of fleet',
  ),
  bad(
    'an unknown driver',
    file({ api: 'api: { fleet: f }', fleets: 'f: { driver: §fak, max: 2 }' }),
    'fleets.f.driver',
    'no driver is named fak; did you mean fake?',
  ),
  bad(
    'a fleet without a command',
    file({ api: 'api: { fleet: f }', fleets: '§f: { driver: fake, max: 2 }' }),
    'fleets.f.command',
    'missing; expected what to start',
  ),
  bad(
    'a key that its driver does not know',
    fleet('max: 2, §comand: x'),
    'fleets.f.comand',
    'unknown key; did you mean command?',
  ),
  bad(
    'a fleet without max',
    file({ api: 'api: { fleet: f }', fleets: '§f: { driver: fake, command: run }' }),
    'fleets.f.max',
    'missing; expected a whole number from 1 to 10000',
  ),
  bad('min above max', fleet('min: §5, max: 2'), 'fleets.f.min', 'min 5 is more than max 2'),
  bad(
    'no time to start',
    fleet('max: 1, startup: { timeout: §10ms }'),
    'fleets.f.startup.timeout',
    'from 1s to 24h, got 10ms',
  ),
  bad(
    'a drain without an end',
    fleet('max: 1, drain: { timeout: §never }'),
    'fleets.f.drain.timeout',
    'or none, got never',
  ),
  bad(
    'an unknown kind of policy',
    policy('{ type: §targte }'),
    'fleets.f.policies.0.type',
    'expected target, seasonal, forecast, step, schedule or calendar, got targte; did you mean target?',
  ),
  bad('a policy that is a word', policy('§cpu'), 'fleets.f.policies.0', 'expected a policy'),
  bad(
    'a target on no metric',
    policy('{ type: target, metric: §cpuu, value: 1 }'),
    'fleets.f.policies.0.metric',
    'no metric is named cpuu; did you mean cpu?',
  ),
  bad(
    'a target in another unit',
    policy('{ type: target, metric: connections, value: §70% }'),
    'fleets.f.policies.0.value',
    'expected a number above 0, such as 8, got 70%',
  ),
  bad(
    'more than all that a server can carry',
    policy('{ type: target, metric: rps, value: §120% }'),
    'fleets.f.policies.0.value',
    'expected a number above 0, such as 100/s, or a share of what a server can carry, up to 100%, got 120%',
  ),
  bad(
    'a percentage without its sign',
    policy('{ type: target, metric: cpu, value: §70 }'),
    'fleets.f.policies.0.value',
    'expected a share such as 70% or 0.7, got 70; did you mean 70%?',
  ),
  bad(
    'two policies of one name',
    policy('{ type: target, metric: rps, value: 1 }, §{ type: target, metric: qps, value: 2 }'),
    'fleets.f.policies.1',
    'a policy of this fleet is named target-rps already (line 7)',
  ),
  bad(
    'two policies given one name',
    policy(
      '{ type: step, name: a, when: cpu > 1%, add: 1 }, { type: step, name: §a, when: cpu > 2%, add: 1 }',
    ),
    'fleets.f.policies.1.name',
    'is named a already',
  ),
  bad(
    'a step to two places',
    policy('{ type: step, when: cpu > 80%, add: 1, remove: §1 }'),
    'fleets.f.policies.0.remove',
    'expected one of add, remove and set, got add and remove',
  ),
  bad(
    'a step to nowhere',
    policy('§{ type: step, when: cpu > 80% }'),
    'fleets.f.policies.0',
    'expected one of add, remove and set, got none',
  ),
  bad(
    'a step by nothing',
    policy('{ type: step, when: cpu > 80%, add: §0 }'),
    'fleets.f.policies.0.add',
    'expected 1 to 10000 servers, or a share such as 20%, at most 1000%, got 0',
  ),
  bad(
    'a removal of more than all',
    policy('{ type: step, when: cpu < 8%, remove: §120% }'),
    'fleets.f.policies.0.remove',
    'at most 100%, got 120%',
  ),
  bad(
    'a rule on no metric',
    policy('{ type: step, when: cpu > 8% and §cpuu > 2, add: 1 }'),
    'fleets.f.policies.0.when',
    'cpuu',
  ),
  bad(
    'a rule on no metric, in quotes',
    policy('{ type: step, when: "cpu > 8% and §cpuu > 2", add: 1 }'),
    'fleets.f.policies.0.when',
    'cpuu',
  ),
  bad(
    'a target on a metric that servers do not divide',
    policy('{ type: target, metric: §p99, value: 300ms }'),
    'fleets.f.policies.0.metric',
    'target cannot follow p99: it does not change in proportion to the servers; use a policy of type step',
  ),
  bad(
    'a rule on the rest of a line that nobody knows',
    policy('§{ type: step, when: "rps > 20000 and bandwidth-free < 500Mbps", add: 2 }'),
    'fleets.f.policies.0',
    'bandwidth-free needs to know what the line carries; give gateway a bandwidth, such as bandwidth: 1Gbps',
  ),
  bad(
    'a pace of servers and a share',
    fleet('max: 3, guards: { pace: { out: [ §{ servers: 4, share: 50%, per: 15s } ] } }'),
    'fleets.f.guards.pace.out.0',
    'expected one of servers and share, got servers and share',
  ),
  bad(
    'a pace without a time',
    fleet('max: 3, guards: { pace: { in: [ §{ servers: 4 } ] } }'),
    'fleets.f.guards.pace.in.0.per',
    'missing; expected a duration such as 30s, from 1s to 1h',
  ),
  bad(
    'a pace that is no list',
    fleet('max: 3, guards: { pace: { out: §4 } }'),
    'fleets.f.guards.pace.out',
    'expected a list of paces, such as',
  ),
  bad(
    'a budget of no reversal',
    fleet('max: 3, guards: { flap-budget: { reversals: §0 } }'),
    'fleets.f.guards.flap-budget.reversals',
    'expected a whole number from 1 to 1000, or none, got 0',
  ),
]
