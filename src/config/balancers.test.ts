import { expect, test } from 'vitest'
import { problemsOf, settingsOf } from './fixture.cases.ts'

const FILE = `
balancers: { shop: { driver: elsewhere, place: there } }
listeners:
  web: { bind: ":8080", pool: near }
  far: { balancer: shop, bind: ":80", pool: far }
pools:
  near: { fleet: api }
  far: { balancer: shop, fleet: api, corner: left, health: { path: /up } }
fleets:
  api: { driver: fake, command: run, min: 3, max: 3 }
`

test('each balancer gets its own listeners and pools, and a fleet may feed pools of several', () => {
  const { balancer, balancers, fleets } = settingsOf(FILE)
  expect(balancer.listeners.map(({ name }) => name)).toEqual(['web'])
  expect(balancer.pools.map(({ name }) => name)).toEqual(['near'])
  expect(balancers).toMatchObject([
    {
      driver: 'elsewhere',
      config: { place: 'there' },
      spec: {
        name: 'shop',
        listeners: [{ name: 'far' }],
        pools: [{ name: 'far', part: { corner: 'left' } }],
      },
    },
  ])
  expect(fleets[0]!.pools).toEqual(['near', 'far'])
})

test('where the file says nothing, the defaults of the balancer stand', () => {
  const { balancer, balancers } = settingsOf(FILE)
  expect(balancer.pools[0]!.algorithm).toBe('least-connections')
  expect(balancers[0]!.spec.pools[0]!.algorithm).toBe('round-robin')
})

test('a balancer beside the gateway is told how long the fleets of a pool let their servers drain', () => {
  const more = '  web: { driver: fake, command: run, min: 3, max: 3, drain: { timeout: 90s } }\n'
  const text = FILE.replace('fleet: api, corner', 'fleet: [api, web], corner')
  const { balancer, balancers } = settingsOf(`${text}${more}`)
  expect(balancers[0]!.spec.pools[0]!.drainMs).toBe(90_000)
  expect(balancer.pools[0]).not.toHaveProperty('drainMs')
})

test('a file whose listeners are all configured elsewhere needs none', () => {
  const text = FILE.replace(/listeners:[\s\S]*pools:\n.*\n/, 'pools:\n')
  expect(settingsOf(text).balancer).toMatchObject({ listeners: [], pools: [] })
  expect(problemsOf(text)).toEqual([])
})

test('warns of a balancer that nobody uses, and of a metric that nobody measures there', () => {
  expect(
    problemsOf(FILE.replace('balancers: { ', 'balancers: { spare: { driver: elsewhere, place: x }, ')),
  ).toMatchObject([{ path: 'balancers.spare', level: 'warning', message: 'no pool names this balancer' }])
  const far = FILE.replace(/ {2}web:.*\n/, '')
    .replace(/ {2}near:.*\n/, '')
    .replace('max: 3', 'max: 3, policies: [ { type: target, metric: in-flight-per-server, value: 8 } ]')
  expect(problemsOf(far).map(({ message }) => message)).toEqual([
    'in-flight-per-server is measured by our own gateway, and no pool of this fleet is there; the policy will abstain',
  ])
})
