import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aDecision, aFleet, handClock, NOW } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import type { ShadowAbout, ShadowStatus } from '../../core/shadow.ts'
import { sayIn } from '../../words/say.ts'
import type { Context } from '../context.ts'
import { outputTo } from '../output.ts'
import { showShadow, startShadow, stopShadow } from './shadow.ts'

const ABOUT: ShadowAbout = { id: 'abc', file: '/srv/next.yaml', by: 'cli:ann', at: NOW }
const SHADOW: ShadowStatus = {
  ticks: 200,
  more: 25,
  fewer: 6,
  serverMs: 7_200_000,
  activeServerMs: 5_400_000,
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
