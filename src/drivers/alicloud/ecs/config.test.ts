import { expect, test } from 'vitest'
import { untranslated } from '../../../../test/kit/chinese.ts'
import { identityOf, parseEcs, templateOf } from './config.ts'

const GOOD = {
  region: 'cn-hangzhou',
  vswitches: ['vsw-a', 'vsw-b'],
  'instance-types': ['ecs.g7.large'],
  image: 'm-1',
  'security-groups': ['sg-1'],
  port: 8080,
}

test('fills in what is left out', () => {
  expect(parseEcs(GOOD)).toEqual({
    ok: true,
    config: {
      region: 'cn-hangzhou',
      endpoint: null,
      credentials: { profile: null, ecsRole: null, role: null, externalId: null },
      port: 8080,
      warm: 0,
      template: {
        vSwitches: ['vsw-a', 'vsw-b'],
        instanceTypes: ['ecs.g7.large'],
        securityGroups: ['sg-1'],
        image: 'm-1',
        launchTemplate: null,
        name: '',
        userData: '',
        keyPair: '',
        ramRole: '',
        disk: null,
        tags: {},
        privatePool: '',
        prefer: 'order',
        spot: null,
      },
    },
  })
})

test('a launch template says what the file does not', () => {
  const { image: _, 'instance-types': __, 'security-groups': ___, ...rest } = GOOD
  const parsed = parseEcs({
    ...rest,
    'launch-template': { id: 'lt-1', version: 3 },
    spot: { base: 2, share: '40%', 'price-limit': 0.5 },
  })
  expect(parsed).toMatchObject({
    ok: true,
    config: {
      template: {
        launchTemplate: { id: 'lt-1', version: '3' },
        spot: { base: 2, share: 0.4, priceLimit: 0.5 },
      },
    },
  })
})

const templateWith = (over: object) => {
  const parsed = parseEcs({ ...GOOD, ...over })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return templateOf(parsed.config)
}

test('where servers are called is nothing of a launch', () => {
  const called = { credentials: { profile: 'ops' }, endpoint: 'http://127.0.0.1:1' }
  expect(templateWith(called)).toEqual(templateWith({}))
})

test.each<[object, boolean]>([
  [{ prefer: 'price', spot: { base: 3 }, 'private-pool': 'eap-1' }, true],
  [{ vswitches: ['vsw-b', 'vsw-a'] }, true],
  [{ image: 'm-2' }, false],
  [{ 'instance-types': ['ecs.g7.xlarge'] }, false],
])('servers of %j are the same: %s', (over, isSame) => {
  const [before, after] = [templateWith({}), templateWith(over)].map((one) => JSON.stringify(identityOf(one)))
  expect(after === before).toBe(isSame)
})

test.each<[object, string, string]>([
  [{ region: undefined }, 'region', 'expected a region such as cn-hangzhou'],
  [{ vswitches: [] }, 'vswitches', 'expected at least one'],
  [{ vswitches: ['a', 'a'] }, 'vswitches.1', 'a is here twice'],
  [{ 'instance-types': { a: 1 } }, 'instance-types', 'expected a list of texts'],
  [{ image: undefined }, 'image', 'expected the id of an image, or a launch-template'],
  [{ port: undefined }, 'port', 'expected a whole number from 1 to 65535'],
  [{ port: 70_000 }, 'port', 'expected a whole number from 1 to 65535'],
  [{ warm: -1 }, 'warm', 'expected a whole number from 0 to 1000'],
  [{ endpoint: 'ecs.example.org' }, 'endpoint', 'expected an address with its scheme'],
  [{ credentials: 'ops' }, 'credentials', 'expected a map of keys'],
  [
    { credentials: { profile: 'ops', 'ecs-role': 'r' } },
    'credentials.ecs-role',
    'keys come from one place; expected profile or ecs-role',
  ],
  [{ credentials: { role: 'ops' } }, 'credentials.role', 'expected the ARN of a role, such as acs:ram::'],
  [{ credentials: { 'external-id': 'x' } }, 'credentials.external-id', 'expected role beside it'],
  [{ 'launch-template': { version: 1 } }, 'launch-template.id', 'expected its id'],
  [{ 'user-data': 'x'.repeat(40_000) }, 'user-data', 'expected at most 32 KiB, got 40000 bytes'],
  [{ 'system-disk': { size: 40 } }, 'system-disk.category', 'expected cloud_essd'],
  [
    { 'system-disk': { category: 'cloud_essd', size: 1 } },
    'system-disk.size',
    'expected a whole number from 20',
  ],
  [{ tags: { 'acs:x': 'y' } }, 'tags.acs:x', 'begins with none of'],
  [{ tags: { a: 1 } }, 'tags.a', 'expected text; put quotes around it'],
  [{ spot: { 'price-limit': 'cheap' } }, 'spot.price-limit', 'expected a price by the hour'],
  [{ spot: 3 }, 'spot', 'expected a map'],
  [{ spot: { share: '120%' } }, 'spot.share', 'expected a share from 0% to 100%'],
  [{ spot: { share: 0.5 } }, 'spot.share', 'expected a share from 0% to 100%'],
  [{ prefer: 'cheap' }, 'prefer', 'expected order or price'],
  [{ spot: { bas: 3 } }, 'spot.bas', 'unknown key; known: base, share, price-limit'],
])('of %j says what is wrong, and where, in Chinese too', (over, path, message) => {
  const parsed = parseEcs({ ...GOOD, ...over })
  const problems = parsed.ok ? [] : parsed.problems
  expect(untranslated(problems.map((problem) => problem.message))).toEqual([])
  expect(problems.map((problem) => problem.path.join('.'))).toContain(path)
  expect(problems.map((problem) => problem.message).join()).toContain(message)
})
