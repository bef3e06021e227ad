import { expect, test } from 'vitest'
import { untranslated } from '../../../../test/kit/chinese.ts'
import { parseClb } from './config.ts'

const REGION = { region: 'cn-hangzhou' }
const SMALL = { specification: 'slb.s2.small', address: 'internet' }

function problems(raw: object): readonly string[] {
  const parsed = parseClb({ ...REGION, ...raw })
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

function loadBalancer(raw: object) {
  const parsed = parseClb({ ...REGION, ...raw })
  return parsed.ok ? parsed.config.loadBalancer : null
}

test('takes one that is there, or an order', () => {
  expect(loadBalancer({ 'load-balancer': 'lb-1' })).toBe('lb-1')
  expect(loadBalancer({ create: { address: 'internet' } })).toEqual({
    specification: null,
    address: 'internet',
    vswitch: null,
    zones: [],
    bandwidth: null,
    isProtected: false,
    tags: {},
  })
  const full = { zones: ['a', 'b'], bandwidth: '1Gbps', 'deletion-protection': true, tags: { team: 'shop' } }
  expect(loadBalancer({ create: { ...SMALL, ...full } })).toMatchObject({
    specification: 'slb.s2.small',
    zones: ['a', 'b'],
    bandwidth: 1000,
    isProtected: true,
    tags: { team: 'shop' },
  })
})

const REFUSED: readonly (readonly [object, string])[] = [
  [{}, 'load-balancer: expected the id of a CLB instance, lb-..., or create'],
  [{ 'load-balancer': 'lb-1', create: SMALL }, 'create: expected load-balancer or create, not both'],
  [{ 'load-balancer': 'lb-1', adopt: 'yes' }, 'adopt: expected true or false'],
  [{ create: { address: 'public' } }, 'create.address: expected internet or intranet'],
  [
    { create: { address: 'intranet' } },
    'create.vswitch: expected the id of a vSwitch, which gives it its address',
  ],
  [
    { create: { ...SMALL, vswitch: 'vsw-1' } },
    'create.vswitch: an address in the internet has none; expected no vswitch',
  ],
  [
    { create: { ...SMALL, zones: ['a', 'b', 'c'] } },
    'create.zones: expected two zones, of the master and of the slave',
  ],
  [
    { create: { ...SMALL, bandwidth: '1500kbps' } },
    'create.bandwidth: expected whole Mbps from 1Mbps to 5000Mbps',
  ],
  [
    { create: { address: 'internet', bandwidth: '5Mbps' } },
    'create.bandwidth: billed by use, what it sends is paid; expected a specification beside it',
  ],
  [
    { create: { ...SMALL, address: 'intranet', vswitch: 'vsw-1', bandwidth: '5Mbps' } },
    'create.bandwidth: only what goes to the internet is paid; expected no bandwidth',
  ],
  [
    { create: { ...SMALL, 'deletion-protection': 'on' } },
    'create.deletion-protection: expected true or false',
  ],
  [
    { create: { ...SMALL, tags: { 'tidegate:balancer': 'x' } } },
    'create.tags.tidegate:balancer: expected a name of at most 128 characters that begins with none of aliyun, acs:, tidegate:',
  ],
  [
    { create: { ...SMALL, size: 3 } },
    'create.size: unknown key; known: specification, address, vswitch, zones, bandwidth, deletion-protection, tags',
  ],
]

test.each(REFUSED)('says what is wrong and what was expected: %#', (raw, problem) => {
  expect(problems(raw)).toEqual([problem])
})

test('says it in Chinese too', () => {
  expect(untranslated(REFUSED.map(([, problem]) => problem.replace(/^\S+: /, '')))).toEqual([])
})
