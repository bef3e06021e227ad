import { expect, test } from 'vitest'
import { chinese, untranslated } from '../../test/kit/chinese.ts'
import { checkSettings } from './load.ts'

function problems({
  balancer = 'load-balancer: lb-1',
  pool = '',
  vswitches = 'vsw-1',
  region = 'cn-hangzhou',
}): readonly string[] {
  const text = `
balancers: { shop: { driver: alicloud-clb, region: cn-hangzhou, ${balancer} } }
listeners: { web: { balancer: shop, bind: ":80", pool: api } }
pools: { api: { balancer: shop, fleet: api, health: { interval: 2s, unhealthy: 3, healthy: 2 }, ${pool} } }
fleets:
  api:
    driver: alicloud-ecs
    region: ${region}
    instance-types: [ecs.g7.large]
    image: m-1
    vswitches: [${vswitches}]
    security-groups: [sg-1]
    port: 8080
    min: 1
    max: 2
`
  const loaded = checkSettings(text, 'tidegate.yaml', { env: {}, now: 0 })
  const found = loaded.ok ? [] : loaded.problems.filter(({ level }) => level === 'error')
  return found.map(({ path, message }) => `${path}: ${message}`)
}

test('takes what is right', () => {
  expect(problems({ pool: 'server-group: rsp-1' })).toEqual([])
})

test.each([
  [
    'a balancer that is there and ordered',
    { balancer: 'load-balancer: lb-1, create: { address: internet }', pool: 'server-group: rsp-1' },
    /^balancers\.shop\.create: expected load-balancer or create, not both, got /,
  ],
  [
    'a balancer that is neither',
    { balancer: '', pool: 'server-group: rsp-1' },
    /^balancers\.shop\.load-balancer: missing; expected the id of a CLB instance/,
  ],
  [
    'a server group that is left empty',
    { pool: 'server-group: ' },
    /^pools\.api\.server-group: nothing stands behind it; expected text, or no server-group/,
  ],
] as const)('of %s it tells that alone, in Chinese too', (_, over, said) => {
  const found = problems(over)
  expect(found).toEqual([expect.stringMatching(said)])
  expect(untranslated(found.map((one) => one.replace(/^\S+: /, '')))).toEqual([])
})

test('a name that is there twice is named once', () => {
  expect(problems({ vswitches: 'vsw-1, vsw-1' })).toEqual(['fleets.api.vswitches.1: vsw-1 is here twice'])
})

test.each(['CN Hangzhou', 'hangzhou', 'cn_hangzhou'])('%s is no region', (region) => {
  expect(problems({ region })).toContain(
    `fleets.api.region: expected a region such as cn-hangzhou, got ${region}`,
  )
})

test('what stands there in place of a text is told in Chinese too', () => {
  expect(chinese('expected load-balancer or create, not both, got a mapping')).toMatch(/，实际为映射$/)
  expect(chinese('vsw-1 is no text, got a list')).toMatch(/，实际为列表$/)
})
