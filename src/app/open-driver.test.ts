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

test('a driver that keeps servers stopped is asked to, by whoever opened it', async () => {
  const parsed = parseEcs({
    ...{ region: 'cn-hangzhou', vswitches: ['vsw-a'], 'instance-types': ['ecs.g7.large'], image: 'm-1' },
    ...{ 'security-groups': ['sg-1'], port: 8080, warm: 3 },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const spec = { ...aFleet(), driver: 'alicloud-ecs', config: JSON.parse(JSON.stringify(parsed.config)) }
  const log = { info() {}, warn() {}, error() {} }
  const host: Host = { clock: systemClock(), rng: Math.random, log, installation: 'i', stateDir: tmpdir() }
  await using opened = await openDriver(spec, { file: join(tmpdir(), 'tidegate.yaml') }, host)
  expect(opened.fleet).toMatchObject({ keeps: 3, park: expect.any(Function) })
})
