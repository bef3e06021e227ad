import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { DRIVERS } from '../drivers/index.ts'
import { about, file, problemsOf } from './fixture.cases.ts'
import { parseSettings } from './load.ts'

const elsewhere = {
  ...about.balancerDrivers.elsewhere!,
  stands: () => ({ region: 'cn-hangzhou', zones: null, account: null }),
}

interface File {
  readonly api?: string
  readonly vSwitches?: string
  readonly max?: number
  readonly more?: string
  readonly db?: string
  readonly carbon?: string
}

function warned({
  api = 'cn-hangzhou',
  vSwitches = 'vsw-1, vsw-2',
  max = 9,
  more = '',
  db = '10.0.0.7:3306',
  carbon = '{}',
}: File) {
  const ecs = 'driver: alicloud-ecs, instance-types: [a], image: m-1, security-groups: [sg-1], port: 80'
  const policies = 'policies: [ { type: target, metric: rps-per-server, value: 60 } ]'
  const text = `
balancers: { clb: { driver: elsewhere, place: cn-hangzhou } }
listeners:
  web: { bind: ":8080", pool: api }
  db: { bind: ":3306", protocol: tcp, pool: db }
pools:
  api: { fleet: [api${more && ', more'}] }
  shop: { balancer: clb, fleet: api }
  db: { servers: [ { address: "${db}" } ] }
fleets:
  api: { ${ecs}, region: "${api}", vswitches: [${vSwitches}], min: 1, max: ${max}, ${policies}, carbon: ${carbon} }
  ${more && `more: { ${ecs}, region: ${more}, vswitches: [vsw-3, vsw-4], min: 1, max: 2, ${policies} }`}
`
  const surroundings = {
    ...about,
    drivers: DRIVERS,
    balancerDrivers: { elsewhere },
    env: { REGION: 'cn-beijing' },
  }
  const loaded = parseSettings(text, surroundings)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.warnings
    .filter(({ message }) => /region|zone/.test(message))
    .map(({ path, message }) => `${path}: ${message}`)
}

const DEAR = 'what goes between regions is slow, and paid for'

test('what stands in one region and several zones is nobody warned of', () => {
  expect(warned({})).toEqual([])
  expect(warned({ more: 'cn-hangzhou', db: 'rm-1.rwlb.cn-hangzhou.rds.aliyuncs.com:3306' })).toEqual([])
})

test('a fleet in one zone is, where it may have several servers', () => {
  const said = 'fleets.api: all servers of fleet api stand in one zone, and are gone when it fails'
  expect(warned({ vSwitches: 'vsw-1' })).toEqual([said])
  expect(warned({ vSwitches: 'vsw-1', max: 1 })).toEqual([])
})

test('so are fleets, balancers and databases of different regions', () => {
  expect(warned({ more: 'cn-beijing' })).toEqual([
    `fleets.more: fleet more is in cn-beijing, and fleet api in cn-hangzhou: ${DEAR}`,
  ])
  expect(warned({ api: 'cn-shanghai' })).toEqual([
    `balancers.clb: balancer clb is in cn-hangzhou, and fleet api in cn-shanghai: ${DEAR}`,
  ])
  expect(warned({ db: 'rm-1.rwlb.cn-chengdu.rds.aliyuncs.com:3306' })).toEqual([
    `pools.db.servers.0: server rm-1.rwlb.cn-chengdu.rds.aliyuncs.com:3306 of pool db is in cn-chengdu, and fleet api in cn-hangzhou: ${DEAR}`,
  ])
})

test('so are zones of carbon in which no server of the fleet can stand', () => {
  const carbon = '{ intensity: 540, zones: { cn-hangzhou-h: 500, vsw-1: 500, cn-beijing-a: 600 } }'
  const said = (zone: string) =>
    `fleets.api.carbon.zones.${zone}: the fleet stands in cn-hangzhou, which has no zone of this name, so that this does nothing; its zones are called like cn-hangzhou and a letter`
  expect(warned({ carbon })).toEqual([said('vsw-1'), said('cn-beijing-a')])
  const watts = 'watts: { idle: 60, peak: 180 }'
  const local = file({
    api: 'api: { fleet: f }',
    fleets: `f: { driver: fake, command: run, max: 1, ${watts}, carbon: { intensity: 540, zones: { b: 500 } } }`,
  })
  const [problem, ...more] = problemsOf(local.replaceAll('§', ''))
  const says = 'driver fake tells no zone of its servers, so that this does nothing; say it by intensity'
  expect([problem, more]).toEqual([
    expect.objectContaining({ level: 'warning', path: 'fleets.f.carbon.zones.b', message: says }),
    [],
  ])
  expect(untranslated([says])).toEqual([])
})

test('all of that is told in Chinese', () => {
  const carbon = '{ intensity: 540, zones: { vsw-1: 500 } }'
  const all = [{ vSwitches: 'vsw-1' }, { more: 'cn-beijing' }, { api: 'cn-shanghai' }, { carbon }].flatMap(
    warned,
  )
  expect(untranslated(all.map((line) => line.replace(/^\S+: /, '')))).toEqual([])
})

test('a region that is filled in later is not compared', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the file.
  expect(warned({ api: '${env:REGION}' })).toEqual([])
})
