import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { NOON } from '../../../test/kit/scaling.ts'
import { World } from '../../../test/kit/world.ts'
import { statePaths } from '../../app/paths.ts'
import { checkSettings } from '../../config/load.ts'
import { createHistoryDesk } from '../../controller/history-desk.ts'
import { messageOf } from '../../core/fault.ts'
import { openSqliteStore } from '../../drivers/sqlite/open.ts'
import { VirtualClock } from '../../simulator/virtual-clock.ts'
import { outputTo } from '../output.ts'
import { addReplay } from '../replay-commands.ts'
import { replay } from './replay.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'tidegate-replay-'))
const clock = new VirtualClock(NOON)
afterAll(() => rmSync(FOLDER, { recursive: true }))

function settingsOf(value: number, metric: string, state: string, type = 'target') {
  const text = `
state: ${state}
listeners: { web: { bind: "127.0.0.1:8080", protocol: http, pool: api } }
pools: { api: { fleet: api }, other: { fleet: other } }
fleets:
  api: { driver: local, command: [server], min: 1, max: 20, policies: [ { type: ${type}, name: load, metric: ${metric}, value: ${value} } ] }
  other: { driver: local, command: [server], min: 1, max: 2 }
`
  const loaded = checkSettings(text, join(FOLDER, 'tidegate.yaml'), { env: {}, now: 0 })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.settings
}

/** Three minutes of a controller with two servers. */
let world: World
beforeAll(async () => {
  const { fleets, stateDir } = settingsOf(8, 'in-flight-per-server', '.')
  using store = openSqliteStore(statePaths(stateDir).store, clock)
  world = new World({ clock, wrap: (ports) => ({ ...ports, store }) })
  world.spec = fleets.find(({ name }) => name === 'api')!
  world.load = 16
  world.start()
  await world.pass(180_000)
  world.kill()
  await world.pass(1_000)
})

/** Runs a command line as the program does, with a target of so much. */
async function run(
  line: string,
  { json = false, target = 8, metric = 'in-flight-per-server', state = '.', type = 'target' } = {},
) {
  const seen = { out: '', err: '', code: -1 }
  const sinks = {
    stdout: (text: string) => void (seen.out += text),
    stderr: (text: string) => void (seen.err += text),
    color: false,
  }
  const out = outputTo(sinks, (text) => text)
  const settings = settingsOf(target, metric, state, type)
  const desk = createHistoryDesk(world.history, () => settings.fleets)
  const program = new Command()
  addReplay(program, async (options) => {
    try {
      seen.code = await replay(options, { out, json, clock, settings, withDesk: (run) => run(desk) })
    } catch (error) {
      seen.err += messageOf(error)
    }
  })
  await program.parseAsync(['replay', ...line.split(' ').filter((word) => word !== '')], { from: 'user' })
  return seen
}

test('the configuration of then decides nothing otherwise', async () => {
  const { out, code } = await run('--from -1m')
  expect(code).toBe(0)
  const lines = out.trim().split('\n')
  expect(lines).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, 5\ds: wants 2 as then$/),
    expect.stringMatching(/^ {2}policy:load: holds 2: in-flight-per-server 8 is within 10 %/),
    expect.stringMatching(/^api, .* to .*: 0 of \d\d ticks would differ \(0\.0%\)$/),
    expect.stringMatching(/^api wanted 0\.03 server-hours then, and would want 0\.03 now$/),
  ])
  expect((await run('--from -1m --changes-only')).out.trim().split('\n')).toEqual(lines.slice(2))
  expect(untranslated(lines.map((line) => line.trim()))).toEqual([])
})

test('another one is told decision by decision, with both reasons', async () => {
  const { out, err, code } = await run('--changes-only', { target: 4 })
  expect(code).toBe(3)
  const lines = out.trim().split('\n')
  const [last] = lines.slice(-5, -4)
  expect(last).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, 2m\d+s: wanted 2, would want 4$/)
  expect(lines.slice(-4, -2)).toEqual([
    expect.stringMatching(/^ {2}then: policy:load: holds 2: /),
    expect.stringMatching(/^ {2}now: policy:load: 2 -> 4: .* needs 4 servers$/),
  ])
  expect(err).toMatch(/^the journal of api begins at \d{4}-\d\d-\d\d/)
  expect(untranslated([...lines, ...err.split('\n')].map((line) => line.trim()))).toEqual([])
})

test('prints JSON', async () => {
  const { out, code } = await run('--fleet api --changes-only', { json: true, target: 4 })
  const { items, next } = JSON.parse(out)
  expect({ code, next, count: items.length }).toEqual({ code: 3, next: null, count: 1 })
  const { decisions, ...account } = items[0]
  expect(account).toMatchObject({
    fleet: 'api',
    partial: 0,
    replaced: [],
    gaps: { count: 0, longestMs: 0 },
  })
  expect(account.differing).toBeLessThanOrEqual(account.ticks)
  expect(decisions.at(-1)).toMatchObject({
    have: 2,
    differs: true,
    recorded: { want: 2, because: [{ by: 'policy:load' }] },
    now: { want: 4, because: [{ by: 'policy:load' }] },
  })
})

test('says what stands for what was not read then', async () => {
  const note = async (metric: string) => (await run('--from -1m --fleet api', { metric })).err
  const notes = [await note('rps'), await note('rps-per-server'), await note('connections')]
  expect(notes).toEqual([
    '',
    'rps-per-server was not read by every tick; where it is missing, means of 1s from the history stand for it\n',
    'connections was not read then, and the history has nothing of it: policies that go by it have no opinion; `tidegate history import` gives it a past\n',
  ])
  const ahead = (await run('--from -1m --fleet api', { metric: 'rps', type: 'seasonal' })).err
  expect(ahead).toMatch(
    /^load has no opinion in (\d+) of \1 ticks of api: nobody had looked ahead at rps then; .*`tidegate simulate --from journal --fleet api` tells what it makes of the load$/m,
  )
  expect(untranslated([ahead.trim()])).toEqual([])
  const all = (await run('--fleet api', { metric: 'rps-per-server' })).err
  expect(all).toMatch(/means of 1s from the history stand for it$/m)
  expect(untranslated(notes.map((line) => line.trim()))).toEqual([])
})

test('says where there is nothing to replay', async () => {
  const errors = [
    (await run('--fleet other')).err,
    (await run('--from -9d --to -8d')).err,
    (await run('--fleet web')).err,
    (await run('', { state: 'nowhere' })).err,
    (await run('--from soon')).err,
  ]
  expect(errors).toEqual([
    'the journal has no ticks in this range of other',
    'the journal has no ticks in this range',
    'there is no fleet web; there are: api, other',
    expect.stringMatching(/^there is no journal in .*nowhere: nothing has run there yet$/),
    expect.stringMatching(/^--from: expected an instant such as/),
  ])
  expect(untranslated(errors)).toEqual([])
})
