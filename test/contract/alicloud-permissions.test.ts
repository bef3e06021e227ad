import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { albPermissions } from '../../src/drivers/alicloud/alb/permissions.ts'
import { clbPermissions } from '../../src/drivers/alicloud/clb/permissions.ts'
import { cloudMonitorPermissions } from '../../src/drivers/alicloud/cloudmonitor/offline.ts'
import { parseEcs } from '../../src/drivers/alicloud/ecs/config.ts'
import { ecsPermissions } from '../../src/drivers/alicloud/ecs/permissions.ts'
import { albConfigOf } from '../kit/alb-shop.ts'
import { untranslated } from '../kit/chinese.ts'
import { tidegate } from '../kit/command.ts'
import { checked, configOf, listener } from '../kit/shop.ts'
import { aPoolSpec } from './balancer.ts'

/** What a configuration asks RAM for, held against what the code calls. */
const ROOT = new URL('../../src/drivers/alicloud/', import.meta.url)
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const ECS = {
  region: 'cn-hangzhou',
  vswitches: ['vsw-a'],
  'instance-types': ['ecs.g7.large'],
  image: 'm-1',
  'security-groups': ['sg-1'],
  port: 8080,
}

function ecs(over: Record<string, unknown> = {}) {
  const parsed = parseEcs({ ...ECS, ...over })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return ecsPermissions(parsed.config)
}

/** The first needs no permission; the second is of whoever may open ports, not of a controller. */
const LEFT_OUT = ['GetCallerIdentity', 'AuthorizeSecurityGroup']

/** As the code writes them. */
function calledIn(folders: readonly string[]): string[] {
  const files = (readdirSync(ROOT, { recursive: true }) as string[]).filter(
    (name) => folders.includes(name.split('/')[0]!) && /(?<!\.test)\.ts$/.test(name),
  )
  const texts = files.map((name) => readFileSync(new URL(name, ROOT), 'utf8'))
  return texts.flatMap((text) =>
    [...text.matchAll(/\baction(?: =|:) '([A-Za-z]+)'/g)].map(([, name]) => name!),
  )
}

/** Operations that RAM knows by another name. */
const RENAMED: Readonly<Record<string, string>> = { QueryMetricLast: 'DescribeMetricLast' }

test.each([
  ['fleets', ['ecs', 'doctor'], () => ecs({ warm: 1, 'private-pool': 'open' }), LEFT_OUT],
  // The other needs no permission.
  ['sources', ['cloudmonitor'], cloudMonitorPermissions, ['DescribeMetricMetaList']],
])('every operation that the code of %s calls has its permission, and the other way round', (...about) => {
  const [, folders, permissions, others] = about
  const allowed = permissions().map(({ action }) => {
    const name = action.split(':')[1]!
    return RENAMED[name] ?? name
  })
  expect(
    [...new Set(calledIn(folders))].sort(),
    'Add what is called to the permissions of its driver, with what it is for',
  ).toEqual([...others, ...allowed].sort())
})

test('a role of the servers is passed on, that one alone', () => {
  expect(ecs({ 'ram-role': 'shop' }).filter(({ action }) => action === 'ram:PassRole')).toMatchObject([
    { resource: 'acs:ram:*:*:role/shop' },
  ])
})

const tls = { certificates: [], minVersion: 'TLSv1.2', groups: [], handshakeMs: 10_000 } as const
const own = checked(aPoolSpec('api'))
/** With something of each kind. */
const WHOLE = {
  listeners: [listener('api', 80), listener('api', 443, { protocol: 'https', tls })],
  pools: [own, { ...own, part: { serverGroup: 'default', port: 80 } }],
}
/** Servers alone, in a group that is there. */
const LEAST = { listeners: [], pools: [{ ...own, part: { serverGroup: 'rsp-1' } }] }

test('a balancer whose listeners are made by others needs what changes the members of its group', () => {
  const clb = clbPermissions(configOf('lb-1'), LEAST)
  expect(clb.map(({ action }) => action)).toEqual([
    'slb:DescribeLoadBalancerAttribute',
    'slb:DescribeHealthStatus',
    'slb:DescribeLoadBalancerListeners',
    'slb:DescribeVServerGroupAttribute',
    'slb:AddVServerGroupBackendServers',
    'slb:SetVServerGroupAttribute',
    'slb:RemoveVServerGroupBackendServers',
    'ecs:DescribeInstances',
  ])
  const alb = albPermissions(albConfigOf('alb-1'), LEAST).map(({ action }) => action)
  expect(alb.filter((action) => /Listener$|Rule|ertificate|(Create|Delete)ServerGroup/.test(action))).toEqual(
    [],
  )
})

test('certificates are asked for with listeners of TLS alone', () => {
  const plain = { ...WHOLE, listeners: WHOLE.listeners.slice(0, 1) }
  const of = (spec: typeof WHOLE) =>
    [...clbPermissions(configOf('lb-1'), spec), ...albPermissions(albConfigOf('alb-1'), spec)].filter(
      ({ action }) => /ertificate|DomainExtension|HTTPS/.test(action),
    ).length
  expect(of(plain)).toBe(0)
  expect(of(WHOLE)).toBeGreaterThan(10)
})

test('what each is for is told in Chinese', () => {
  const all = [
    ...ecs({ 'ram-role': 'shop', warm: 1 }),
    ...albPermissions(albConfigOf('alb-1'), WHOLE),
    ...clbPermissions(configOf('lb-1'), WHOLE),
    ...cloudMonitorPermissions(),
  ]
  expect(untranslated(all.map(({ why }) => why))).toEqual([])
})

function written(fleets: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-policy-'))
  folders.push(folder)
  const file = join(folder, 'tidegate.yaml')
  const settings = {
    name: 'shop',
    listeners: { web: { bind: ':8080', pool: 'api' } },
    pools: { api: { fleet: Object.keys(fleets) } },
    fleets,
  }
  writeFileSync(file, JSON.stringify(settings))
  return file
}

test('`tidegate alicloud policy` allows changes of own servers alone, in each region that the file names', async () => {
  const size = { driver: 'alicloud-ecs', min: 1, max: 1 }
  const file = written({ api: { ...ECS, ...size }, far: { ...ECS, ...size, region: 'cn-beijing' } })
  const { code, out, err } = await tidegate('alicloud', 'policy', file)
  expect(code).toBe(0)
  const own = { StringEquals: { 'acs:ResourceTag/tidegate:installation': ['shop'] } }
  const changes = ['ecs:ModifyInstanceAutoReleaseTime', 'ecs:DeleteInstances']
  expect(JSON.parse(out)).toEqual({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: expect.arrayContaining(['ecs:RunInstances']), Resource: ['*'] },
      { Effect: 'Allow', Action: changes, Resource: ['acs:ecs:cn-hangzhou:*:instance/*'], Condition: own },
      { Effect: 'Allow', Action: changes, Resource: ['acs:ecs:cn-beijing:*:instance/*'], Condition: own },
    ],
  })
  expect(err).toMatch(/^ecs:RunInstances +launches of servers, with their tags$/m)
})

test('and says so where nothing is on that cloud', async () => {
  const file = written({ api: { driver: 'local', command: ['true'], min: 1, max: 1 } })
  const { code, out, err } = await tidegate('alicloud', 'policy', file)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('nothing in')
})
