import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFleet } from '../../test/kit/scaling.ts'
import type { Host } from '../core/time.ts'
import { parseEcs } from '../drivers/alicloud/ecs/config.ts'
import { parseExec, templateOf } from '../drivers/exec/config.ts'
import { systemClock } from './clock.ts'
import { openDriver } from './open-driver.ts'

test('a launch gets its secret from beside the file of the moment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-secret-'))
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'password'), `of ${name}`)
  }
  const input = join(folder, 'input')
  const parsed = parseExec(
    {
      list: ['echo', '{"servers":[]}'],
      launch: ['sh', '-c', `cat >${input}; echo '{"ids":["a"]}'`],
      retire: ['true'],
    },
    folder,
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const spec = { ...aFleet(), driver: 'exec', config: JSON.parse(JSON.stringify(parsed.config)) }
  const log = { info() {}, warn() {}, error() {} }
  const host: Host = { clock: systemClock(), rng: Math.random, log, installation: 'i', stateDir: folder }
  const place = { file: join(folder, 'one', 'tidegate.yaml') }
  {
    await using opened = await openDriver(spec, place, host)
    place.file = join(folder, 'two', 'tidegate.yaml')
    rmSync(join(folder, 'one'), { recursive: true })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a secret is named
    const template = { ...(templateOf(parsed.config) as object), template: { password: '${file:password}' } }
    const request = { token: 'i.api.1', fleet: 'api', count: 1, revision: 'r1', template }
    await opened.fleet.launch(request, new AbortController().signal)
  }
  expect(readFileSync(input, 'utf8')).toContain('"password":"of two"')
  rmSync(folder, { recursive: true })
})

function ecsFleet() {
  const parsed = parseEcs({
    ...{ region: 'cn-hangzhou', vswitches: ['vsw-a'], 'instance-types': ['ecs.g7.large'], image: 'm-1' },
    ...{ 'security-groups': ['sg-1'], port: 8080, warm: 3 },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return { ...aFleet(), driver: 'alicloud-ecs', config: JSON.parse(JSON.stringify(parsed.config)) }
}

function quietHost(): Host {
  const log = { info() {}, warn() {}, error() {} }
  return { clock: systemClock(), rng: Math.random, log, installation: 'i', stateDir: tmpdir() }
}

const PLACE = { file: join(tmpdir(), 'tidegate.yaml') }

test('a driver that keeps servers stopped is asked to, by whoever opened it', async () => {
  await using opened = await openDriver(ecsFleet(), PLACE, quietHost())
  expect(opened.fleet).toMatchObject({ keeps: 3, park: expect.any(Function) })
})

test('a driver is opened anew for another time to start, by which its servers delete themselves, and not for other limits', async () => {
  const spec = ecsFleet()
  await using opened = await openDriver(spec, PLACE, quietHost())
  expect(opened.isFor({ ...spec, max: spec.max + 1 }, PLACE)).toBe(true)
  expect(opened.isFor({ ...spec, startupMs: 60 * 60_000 }, PLACE)).toBe(false)
})
