import { expect, test } from 'vitest'
import { untranslated } from '../../../../test/kit/chinese.ts'
import { parseAlb } from './config.ts'
import { creationText } from './plan-instance.ts'

const REGION = { region: 'cn-hangzhou' }
const SMALL = { address: 'internet', vswitches: ['vsw-a', 'vsw-b'] }

function problems(raw: object): readonly string[] {
  const parsed = parseAlb({ ...REGION, ...raw })
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

function loadBalancer(raw: object) {
  const parsed = parseAlb({ ...REGION, ...raw })
  return parsed.ok ? parsed.config.loadBalancer : null
}

test('takes one that is there, or an order', () => {
  expect(loadBalancer({ 'load-balancer': 'alb-1' })).toBe('alb-1')
  expect(loadBalancer({ create: SMALL })).toEqual({
    edition: 'Standard',
    address: 'Internet',
    vswitches: ['vsw-a', 'vsw-b'],
    isProtected: false,
    tags: {},
  })
  const full = { edition: 'waf', address: 'intranet', 'deletion-protection': true, tags: { team: 'shop' } }
  expect(loadBalancer({ create: { ...SMALL, ...full } })).toMatchObject({
    edition: 'StandardWithWaf',
    address: 'Intranet',
    isProtected: true,
    tags: { team: 'shop' },
  })
})

const REFUSED: readonly (readonly [object, string])[] = [
  [{}, 'load-balancer: expected the id of an ALB instance, alb-..., or create'],
  [{ 'load-balancer': 'alb-1', create: SMALL }, 'create: expected load-balancer or create, not both'],
  [{ create: { ...SMALL, edition: 'gold' } }, 'create.edition: expected one of basic, standard, waf'],
  [{ create: { vswitches: SMALL.vswitches } }, 'create.address: expected one of internet, intranet'],
  [
    { create: { ...SMALL, vswitches: ['vsw-a'] } },
    'create.vswitches: expected 2 to 10 vSwitches, each in a zone of its own',
  ],
  [{ create: { ...SMALL, 'deletion-protection': 1 } }, 'create.deletion-protection: expected true or false'],
]

test.each(REFUSED)('refuses what cannot be ordered: %#', (raw, problem) => {
  expect(problems(raw)).toContain(problem)
})

test('tells it in Chinese', () => {
  const orders = ['internet', 'intranet'].map((address) => loadBalancer({ create: { ...SMALL, address } }))
  const texts = orders.map((order) => `+ ${creationText(order as never)}`)
  const told = REFUSED.map(([, problem]) => `${problem.replace(/^\S+: /, '')}, got x`)
  expect(untranslated([...texts, ...told])).toEqual([])
})
