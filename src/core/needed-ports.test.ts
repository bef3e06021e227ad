import { expect, test } from 'vitest'
import type { BalancerSpec } from './balancer.ts'
import type { HealthType } from './health.ts'
import { neededPorts, publicPorts } from './needed-ports.ts'

interface Pool {
  readonly name: string
  readonly type: HealthType
  readonly port?: number
}

function ported(listeners: readonly object[], pools: readonly Pool[]) {
  const spec = {
    listeners: listeners.map((one) => ({ protocol: 'http', rules: [], pool: null, ...one })),
    pools: pools.map(({ name, ...health }) => ({ name, health, fleets: ['api'] })),
  }
  const other = { name: 'other', health: { type: 'tcp', port: 1 }, fleets: ['other'] }
  const carried = { ...spec, pools: [...spec.pools, other] } as unknown as BalancerSpec
  const ports = neededPorts('api', [{ spec: carried, from: null }])
  return ports.map(({ protocol, port, why }) => `${protocol} ${port ?? 'own'} ${why}`)
}

test('traffic comes as its listeners do, and checks on a port of their own come beside it', () => {
  expect(ported([{ pool: 'a' }], [{ name: 'a', type: 'http' }])).toEqual(['tcp own traffic'])
  expect(ported([{ pool: 'a' }], [{ name: 'a', type: 'http', port: 81 }])).toEqual([
    'tcp own traffic',
    'tcp 81 checks of pool a',
  ])
  expect(ported([{ pool: 'a', protocol: 'udp' }], [{ name: 'a', type: 'tcp' }])).toEqual([
    'udp own traffic',
    'tcp own checks of pool a',
  ])
})

test('also where only a rule leads to the pool; where nothing does, checks alone come', () => {
  const rules = [{ action: { kind: 'pool', pool: 'a' } }]
  expect(ported([{ rules }], [{ name: 'a', type: 'http' }])).toEqual(['tcp own traffic'])
  expect(ported([{ pool: 'other' }], [{ name: 'a', type: 'http' }])).toEqual(['tcp own checks of pool a'])
})

test('clients from elsewhere come to what listens at every address', () => {
  const at = (name: string, host: string, port: number, protocol = 'http') => ({
    name,
    protocol,
    bind: { host, port },
  })
  const listeners = [
    at('web', '', 80),
    at('other', '::', 80),
    at('own', '127.0.0.1', 81),
    at('dns', '0.0.0.0', 80, 'udp'),
  ]
  const ports = publicPorts({ listeners } as unknown as BalancerSpec)
  expect(ports.map(({ protocol, port, why }) => `${protocol} ${port} ${why}`)).toEqual([
    'tcp 80 listener web',
    'udp 80 listener dns',
  ])
})

test('each balancer comes from networks of its own', () => {
  const pool = { name: 'a', health: { type: 'http' }, fleets: ['api'] }
  const spec = { listeners: [], pools: [pool] } as unknown as BalancerSpec
  const carried = [null, ['100.64.0.0/10'], null].map((from) => ({ spec, from }))
  expect(neededPorts('api', carried).map(({ from }) => from)).toEqual([null, ['100.64.0.0/10']])
})

test('ping has no port, and a command goes its own ways', () => {
  expect(
    ported(
      [],
      [
        { name: 'a', type: 'icmp' },
        { name: 'b', type: 'command' },
      ],
    ),
  ).toEqual(['icmp own checks of pool a'])
})
