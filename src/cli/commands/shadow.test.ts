import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aDecision, aFleet, handClock, NOW } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import { NO_TALLY, type ShadowAbout, type ShadowStatus } from '../../core/shadow.ts'
import { sayIn } from '../../words/say.ts'
import type { Context } from '../context.ts'
import { outputTo } from '../output.ts'
import { shadowVerdict, showShadow, startShadow, stopShadow } from './shadow.ts'

const ABOUT: ShadowAbout = { id: 'abc', file: '/srv/next.yaml', by: 'cli:ann', at: NOW }
const SHADOW: ShadowStatus = {
  ...NO_TALLY,
  ticks: 200,
  more: 25,
  fewer: 6,
  serverMs: 7_200_000,
  activeServerMs: 5_400_000,
  comparedMs: 3_600_000,
  failed: null,
  decision: { ...aDecision().decision, want: 4 },
}

/** A running Tidegate with this shadow. */
function aTidegate(about: ShadowAbout | null, shadow: ShadowStatus | null, json = false) {
  const printed = { out: '', err: '' }
  const sent: unknown[] = []
  const sinks = {
    stdout: (text: string) => void (printed.out += text),
    stderr: (text: string) => void (printed.err += text),
    color: false,
  }
  const answers: Readonly<Record<string, unknown>> = {
    '/api/v1/shadow': { about },
    '/api/v1/fleets': { items: [aFleet({ shadow }), aFleet({ name: 'jobs' })], next: null },
  }
  const context: Context = {
    client: {
      url: 'http://test',
      get: async <T>(path: string) => answers[path] as T,
      send: async <T>(...call: unknown[]) => {
        sent.push(call)
        return {} as T
      },
      events: () => expect.unreachable(),
    },
    out: outputTo(sinks, sayIn({})),
    json,
    clock: handClock(),
    signal: new AbortController().signal,
  }
  return { context, printed, sent }
}

test('shows how the shadow differs, and the latest decision of both', async () => {
  const { context, printed } = aTidegate(ABOUT, SHADOW)
  expect(await showShadow(context)).toBe(0)
  const lines = printed.out.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^\/srv\/next\.yaml decides in shadow since [-\d]+ [:\d]+, by cli:ann$/)
  expect(lines.slice(1, 4)).toEqual([
    'api: 200 ticks compared; it wanted more in 12.5%, fewer in 3.0%',
    'api: it wanted 2.00 server-hours, the active configuration 1.50',
    '  active: 2 -> 3 servers',
  ])
  expect(lines).toContain('  shadow: 2 -> 4 servers')
  expect(printed.out).not.toContain('jobs')
  expect(untranslated([lines[0]!, ...lines.slice(1, 4)])).toEqual([])
})

test('as JSON it has all of it, also when there is none', async () => {
  const one = aTidegate(ABOUT, SHADOW, true)
  await showShadow(one.context)
  expect(JSON.parse(one.printed.out)).toMatchObject({
    about: ABOUT,
    items: [{ fleet: 'api', shadow: SHADOW }],
  })
  const none = aTidegate(null, null, true)
  await showShadow(none.context)
  expect(JSON.parse(none.printed.out)).toEqual({ about: null, items: [], next: null })
  expect(none.printed.err).toBe('nothing runs in shadow\n')
})

test('sends the text of the file with its whole path, and ends it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-shadow-'))
  try {
    const file = join(folder, 'next.yaml')
    writeFileSync(file, 'fleets: {}\n')
    const { context, sent, printed } = aTidegate(null, null)
    await startShadow(context, file)
    await stopShadow(context)
    expect(sent).toEqual([
      ['PUT', '/api/v1/shadow', { file, text: 'fleets: {}\n' }],
      ['POST', '/api/v1/shadow/stop', undefined],
    ])
    expect(untranslated(printed.err.trimEnd().split('\n'))).toEqual([])
    expect(() => startShadow(context, join(folder, 'none.yaml'))).toThrow(/none\.yaml cannot be read: ENOENT/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

const ALIKE: ShadowStatus = { ...SHADOW, more: 0, fewer: 1, serverMs: 5_400_000 }
const HOUR = 3_600_000

test.each<[string, Partial<ShadowStatus>, string[], number]>([
  ['the same', {}, [], 0],
  ['otherwise', { more: 20 }, [], 3],
  ['dearer', { serverMs: 7_200_000 }, [], 3],
  ['dearer, as is allowed', { serverMs: 7_200_000 }, ['server-hours <= 140%', 'api: differs < 1%'], 0],
  ['dearer than allowed', { serverMs: 7_200_000 }, ['server-hours <= 120%'], 1],
  ['about a fleet without one', {}, ['jobs: more < 1%'], 1],
  ['about a cost that nobody knows', {}, ['cost <= 100%'], 1],
  ['too short', { comparedMs: HOUR - 1 }, ['more >= 0%'], 1],
  ['failed', { failed: 'boom' }, [], 1],
])('a pipeline learns that it is %s', async (_, over, assert, exitCode) => {
  const { context, printed } = aTidegate(ABOUT, { ...ALIKE, ...over })
  expect(await shadowVerdict(context, { least: HOUR, assert })).toBe(exitCode)
  expect(untranslated(`${printed.out}${printed.err}`.trim().split('\n'))).toEqual([])
})

test('says in a line how both compare, with money where a price is known', async () => {
  const { context, printed } = aTidegate(ABOUT, {
    ...SHADOW,
    cost: 3,
    activeCost: 4,
    changes: 6,
    activeChanges: 5,
    refused: 50,
  })
  await shadowVerdict(context, { least: HOUR, assert: ['changes < 110%'] })
  expect(printed.out).toBe(
    'api: cheaper: 133.3% of the server-hours, 75.0% of the cost, 120.0% of the changes, otherwise in 15.5% of the ticks, refused in 25.0%, in 1h\n',
  )
  expect(printed.err).toBe('not so: changes < 110%: api has 120%\n')
  const json = aTidegate(ABOUT, ALIKE, true)
  await shadowVerdict(json.context, { least: HOUR, assert: [] })
  expect(JSON.parse(json.printed.out).items).toMatchObject([{ fleet: 'api', verdict: 'same', shadow: ALIKE }])
})

test('says of changes that have no share how many there are', async () => {
  const { context, printed } = aTidegate(ABOUT, { ...SHADOW, changes: 6, activeChanges: 0 })
  await shadowVerdict(context, { least: HOUR, assert: ['changes < 110%'] })
  const alone = 'the active configuration made no change and the shadow 6'
  expect(printed.out).toContain(`133.3% of the server-hours, ${alone}, otherwise in`)
  expect(printed.err).toBe(`not so: changes < 110%: api: ${alone}\n`)
  const none = aTidegate(ABOUT, { ...SHADOW, activeServerMs: 0 })
  await shadowVerdict(none.context, { least: HOUR, assert: [] })
  expect(none.printed.out).toContain('api: dearer: servers where the active configuration wants none, ')
  expect(untranslated([printed.out.trim(), printed.err.trim(), none.printed.out.trim()])).toEqual([])
})

test('refuses what nobody can compare', async () => {
  const refused = (assert: string, about: ShadowAbout | null = ABOUT) =>
    shadowVerdict(aTidegate(about, ALIKE).context, { least: HOUR, assert: [assert] })
  const messages = [
    'there is no figure "joy"; expected one of server-hours, cost, changes, refused, more, fewer, differs',
    'expected a percentage such as 100% for cost, got "5"',
    'expected a figure, <, <=, > or >=, and a value, such as "server-hours <= 100%", got "cheap"',
    'nothing runs in shadow; start one with `tidegate shadow FILE`',
  ]
  await expect(refused('joy < 1%')).rejects.toThrow(messages[0]!)
  await expect(refused('cost < 5')).rejects.toThrow(messages[1]!)
  await expect(refused('cheap')).rejects.toThrow(messages[2]!)
  await expect(refused('more < 1%', null)).rejects.toThrow(messages[3]!)
  expect(untranslated(messages)).toEqual([])
})
