import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { aFleet } from '../../test/kit/scaling.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import { forgetFleet, formerPlaces, leavingFleets, movedFleets, readFleets, writeFleets } from './fleets.ts'

let stateDir: string
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'tidegate-fleets-'))
  onTestFinished(() => rmSync(stateDir, { recursive: true }))
})

const OWN = { profile: null, role: null }
const ecs = (name: string, region: string, credentials: object = {}): FleetSpec => ({
  ...aFleet(),
  name,
  driver: 'alicloud-ecs',
  config: { region, template: { vSwitches: [] }, credentials: { ...OWN, ...credentials } },
})
const local = (name: string): FleetSpec => ({ ...aFleet(), name, driver: 'local', config: {} })
const having = (...fleets: readonly FleetSpec[]) => ({ stateDir, fleets }) as unknown as Settings

test('a fleet that would stand elsewhere under its name is named, until its servers are gone', () => {
  const former = ecs('api', 'cn-hangzhou')
  writeFleets(stateDir, [former, local('more')])
  expect(movedFleets(having(former, local('more')))).toEqual([])
  expect(movedFleets(having(ecs('other', 'cn-shanghai')))).toEqual([])
  const moved = having(ecs('api', 'cn-shanghai'), ecs('more', 'cn-hangzhou'))
  const says = movedFleets(moved)
  expect(says).toEqual([
    'fleets.api may have servers of alicloud-ecs (cn-hangzhou) yet; give that of alicloud-ecs (cn-shanghai) another name, so that they leave, or stop them by `tidegate down`',
    expect.stringMatching(/^fleets.more may have servers of local yet; /),
  ])
  expect(untranslated(says)).toEqual([])
  expect(leavingFleets(moved).map(({ name }) => name)).toEqual(['api', 'more'])
  forgetFleet(former, stateDir)
  forgetFleet(local('more'), stateDir)
  expect(readFleets(stateDir)).toEqual([])
  expect(movedFleets(moved)).toEqual([])
})

test('a fleet that would stand in another account is named too, and a role is of its account', () => {
  const role = (account: string, name: string) => ({ role: `acs:ram::${account}:role/${name}` })
  writeFleets(stateDir, [
    ecs('api', 'cn-hangzhou', { profile: 'shop' }),
    ecs('web', 'cn-hangzhou', role('1', 'a')),
  ])
  const now = having(
    ecs('api', 'cn-hangzhou', { profile: 'bank' }),
    ecs('web', 'cn-hangzhou', role('1', 'b')),
  )
  const says = movedFleets(now)
  expect(says).toEqual([
    expect.stringMatching(
      /^fleets.api may have servers of alicloud-ecs \(cn-hangzhou, profile "shop"\) yet; give that of alicloud-ecs \(cn-hangzhou, profile "bank"\) another name/,
    ),
  ])
  expect(untranslated(says)).toEqual([])
  const other = having(ecs('web', 'cn-hangzhou', role('2', 'a')))
  expect(leavingFleets(other).map(({ name }) => name)).toEqual(['api', 'web'])
})

test('where fleets have been is known when they are forgotten', () => {
  writeFleets(stateDir, [ecs('api', 'cn-hangzhou')])
  writeFleets(stateDir, [ecs('web', 'cn-hangzhou'), ecs('api', 'cn-shanghai')])
  writeFleets(stateDir, [])
  expect(formerPlaces(stateDir, [ecs('new', 'cn-hangzhou')])).toMatchObject([
    { name: 'api', config: { region: 'cn-shanghai' } },
  ])
})
