import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { handClock } from '../../test/kit/admin.ts'
import { untranslated } from '../../test/kit/chinese.ts'
import { checkSettings } from '../config/load.ts'
import { messageOf } from '../core/fault.ts'
import type { Settings } from '../core/settings.ts'
import { Shadows } from './shadows.ts'

const folders: string[] = []
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function stateDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-shadows-'))
  folders.push(folder)
  return folder
}

const told: string[] = []

function shadowsIn(dir: string): Shadows {
  const store = { event: async ({ text }: { readonly text: string }) => void told.push(text) }
  return new Shadows(dir, { store, host: { clock: handClock() } })
}

interface Parts {
  readonly fleet?: string
  readonly policy?: object
  readonly metrics?: object
}

function textOf({ fleet = 'api', policy, metrics = {} }: Parts = {}): string {
  return JSON.stringify({
    listeners: { web: { bind: '127.0.0.1:8080', protocol: 'http', pool: 'api' } },
    pools: { api: { fleet } },
    metrics,
    fleets: {
      [fleet]: {
        driver: 'local',
        command: ['server'],
        min: 1,
        max: 4,
        policies: [policy ?? { type: 'target', metric: 'in-flight-per-server', value: 8 }],
      },
    },
  })
}

function settingsOf(text: string, env: Readonly<Record<string, string>> = {}): Settings {
  const loaded = checkSettings(text, 'tidegate.yaml', { env, now: 0 })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.settings
}

const QUEUE = (query: string) => ({
  queue: { driver: 'prometheus', url: 'http://127.0.0.1:9', query, unit: 'count' },
})
const BY_QUEUE = { type: 'step', when: 'queue > 5', for: '1m', add: 1 }

async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run
  } catch (error) {
    return messageOf(error)
  }
  throw new Error('it was not refused')
}

test('one runs at a time, and outlives a restart', async () => {
  const dir = stateDir()
  const active = settingsOf(textOf())
  const shadows = shadowsIn(dir)
  const about = await shadows.start({ file: '/srv/next.yaml', text: textOf() }, 'ann', active)
  expect(shadows.of('api')).toMatchObject({ id: about.id, fleet: { max: 4 } })
  const again = await refusal(shadows.start({ file: '/srv/b.yaml', text: textOf() }, 'ann', active))
  expect(again).toBe('/srv/next.yaml runs in shadow already; end it with `tidegate shadow --stop`')
  expect(untranslated([again])).toEqual([])

  const restarted = shadowsIn(dir)
  await restarted.renew(active)
  expect(restarted.about).toEqual(about)
  await restarted.stop('bob')
  expect(told.splice(0)).toEqual([
    'ann lets /srv/next.yaml decide in shadow',
    'bob ended the shadow of /srv/next.yaml',
  ])
  expect(restarted.of('api')).toBe(null)
  const after = shadowsIn(dir)
  await after.renew(active)
  expect(after.about).toBe(null)
  expect(await refusal(after.stop('bob'))).toBe('nothing runs in shadow')
})

test('a bad file is refused with its place, and nothing runs', async () => {
  const shadows = shadowsIn(stateDir())
  const active = settingsOf(textOf())
  expect(await refusal(shadows.start({ file: '/srv/next.yaml', text: 'fleets: {' }, 'ann', active))).toMatch(
    /next\.yaml:1:\d+/,
  )
  expect(shadows.about).toBe(null)
})

test('each problem of a file has a line', async () => {
  const text = 'pools: { a: { helth: 1 } }\nfleetz: {}\n'
  const why = await refusal(
    shadowsIn(stateDir()).start({ file: '/srv/next.yaml', text }, 'ann', settingsOf(textOf())),
  )
  const places = why.split('\n').map((line) => line.split(':').slice(0, 2).join(':'))
  expect(places).toContain('/srv/next.yaml:1')
  expect(places).toContain('/srv/next.yaml:2')
})

test('a fleet that does not run is refused', async () => {
  const shadows = shadowsIn(stateDir())
  const sent = { file: '/srv/next.yaml', text: textOf({ fleet: 'jobs' }) }
  const why = await refusal(shadows.start(sent, 'ann', settingsOf(textOf())))
  expect(why).toBe('fleets.jobs does not run; those that do: api')
  expect(untranslated([why])).toEqual([])
})

test('a metric of the file must be measured as the file has it, whether the active policies read it or not', async () => {
  const shadows = shadowsIn(stateDir())
  const next = textOf({ metrics: QUEUE('queue_depth'), policy: BY_QUEUE })
  const active = (metrics: object) => settingsOf(textOf({ metrics }))
  const why = await refusal(shadows.start({ file: '/srv/next.yaml', text: next }, 'ann', active({})))
  expect(why).toMatch(
    /^fleets\.api goes by queue, which is not measured as this file has it: put its definition/,
  )
  expect(untranslated([why])).toEqual([])
  expect(
    await refusal(shadows.start({ file: '/srv/next.yaml', text: next }, 'ann', active(QUEUE('other_depth')))),
  ).toBe(why)
  expect(
    (await shadows.start({ file: '/srv/next.yaml', text: next }, 'ann', active(QUEUE('queue_depth')))).by,
  ).toBe('ann')
})

test('it ends, and says why, when a reload takes away what it needs, or its file is damaged', async () => {
  const dir = stateDir()
  const shadows = shadowsIn(dir)
  await shadows.start({ file: '/srv/next.yaml', text: textOf() }, 'ann', settingsOf(textOf()))
  await shadows.renew(settingsOf(textOf({ fleet: 'other' })))
  expect(told.at(-1)).toBe('the shadow has ended: fleets.api does not run; those that do: other')
  expect(untranslated(told)).toEqual([])
  expect(shadows.about).toBe(null)
  writeFileSync(join(dir, 'shadow.json'), '{')
  await shadows.renew(settingsOf(textOf()))
  expect(told.at(-1)).toMatch(/^the shadow has ended: .*damaged/)
  const before = told.length
  await shadows.renew(settingsOf(textOf()))
  expect(told.length).toBe(before)
})

test('a text that was sent gets neither a secret nor a file of the controller', async () => {
  vi.stubEnv('SHADOWED', 'hunter2')
  const dir = stateDir()
  writeFileSync(join(dir, 'key'), 'hunter3')
  const named = (name: string) => ({ type: 'target', name, metric: 'in-flight-per-server', value: 8 })
  for (const name of [`\${env:SHADOWED}`, `\${file:${join(dir, 'key')}}`]) {
    const sent = { file: '/srv/next.yaml', text: textOf({ policy: named(name) }) }
    expect(await refusal(shadowsIn(dir).start(sent, 'ann', settingsOf(textOf())))).toContain(`got "${name}"`)
  }
  const { listeners, ...rest } = JSON.parse(textOf())
  const tls = { certificates: [{ cert: '/no/such.pem', key: '/no/such.key' }] }
  const text = JSON.stringify({ ...rest, listeners: { web: { ...listeners.web, protocol: 'https', tls } } })
  await shadowsIn(dir).start({ file: '/srv/next.yaml', text }, 'ann', settingsOf(textOf()))
})

test('a metric is measured alike where the same placeholder stands for its secret', async () => {
  const withBearer = (bearer: string) => ({ queue: { ...QUEUE('queue_depth').queue, bearer } })
  const text = (bearer: string) => textOf({ metrics: withBearer(bearer), policy: BY_QUEUE })
  const active = settingsOf(text(`\${env:TOKEN}`), { TOKEN: 'hunter2' })
  const start = (bearer: string) =>
    shadowsIn(stateDir()).start({ file: '/srv/next.yaml', text: text(bearer) }, 'ann', active)
  expect((await start(`\${env:TOKEN}`)).by).toBe('ann')
  for (const bearer of ['hunter2', `\${env:OTHER}`])
    expect(await refusal(start(bearer))).toMatch(/is not measured as this file has it/)
})

test('what cannot be read for now is kept', async () => {
  const dir = stateDir()
  const kept = join(dir, 'shadow.json')
  mkdirSync(kept)
  const shadows = shadowsIn(dir)
  await shadows.renew(settingsOf(textOf()))
  expect(told.at(-1)).toMatch(/^there is no shadow until it can be read again: EISDIR/)
  expect(untranslated([told.at(-1)!.replace(/EISDIR.*/, 'X')])).toEqual([])
  expect({ about: shadows.about, isKept: existsSync(kept) }).toEqual({ about: null, isKept: true })
})
