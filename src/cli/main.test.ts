import { expect, test } from 'vitest'
import { aDecision, aFleet, anEvent, aPlan, aPool, handClock, NOW } from '../../test/kit/admin.ts'
import type { Window } from '../core/calendar.ts'
import type { Problem } from '../core/settings.ts'
import type { Event } from '../core/store.ts'
import type { Client } from './client.ts'
import { CliError } from './errors.ts'
import { main } from './main.ts'
import type { Io } from './outer.ts'

const HOUR = 3_600_000
const PROBLEM: Problem = {
  file: 'bad.yaml',
  line: 3,
  column: 5,
  path: 'pools.api.helth',
  message: 'unknown key; did you mean "health"?',
  level: 'error',
}
const BAD = { ok: false as const, problems: [PROBLEM], stateDir: '/nowhere' }

interface World {
  readonly answers?: Readonly<Record<string, unknown>>
  readonly streams?: (readonly Event[] | Error)[]
  readonly color?: boolean
  /** After so many times of waiting comes Ctrl-C. */
  readonly looks?: number
  /** Between these, counted from 0, nobody answers. */
  readonly silent?: readonly number[]
}

/** Runs a command line against an API that gives these answers by path. */
async function run(
  line: string,
  { answers = {}, streams = [], color = false, looks, silent = [] }: World = {},
) {
  const seen = { out: '', err: '', sent: [] as unknown[], urls: [] as string[], after: [] as number[] }
  const interrupt = new AbortController()
  let waits = 0
  const sleep = async () => {
    if (++waits === looks) interrupt.abort()
    interrupt.signal.throwIfAborted()
  }
  const clock = { ...handClock(), sleep }
  const client: Client = {
    url: 'http://api',
    get: async <T>(path: string) => {
      if (!(path in answers) || silent.includes(waits)) throw new CliError(`no answer for ${path}`)
      return answers[path] as T
    },
    send: async <T>(method: string, path: string, body: object = {}) => {
      seen.sent.push([method, path, body])
      return { done: true } as T
    },
    events: async function* (afterId) {
      seen.after.push(afterId)
      const stream = streams.shift()
      if (stream === undefined) {
        interrupt.abort()
        throw interrupt.signal.reason
      }
      if (stream instanceof Error) throw stream
      yield* stream
    },
  }
  const io: Io = {
    stdout: (text) => void (seen.out += text),
    stderr: (text) => void (seen.err += text),
    color,
    isTerminal: false,
    clock,
    load: async () => BAD,
    checkText: async () => BAD,
    screen: () => null,
    prompt: () => null,
    readStdin: async () => '',
    env: {},
    connect: ({ url }) => {
      seen.urls.push(url)
      return client
    },
    interruption: () => interrupt.signal,
  }
  return { code: await main(['--api', 'http://127.0.0.1:9', ...line.split(' ')], io), ...seen }
}

function time(at: number): string {
  return new Date(at).toTimeString().slice(0, 8)
}

const NO_BALANCERS = { '/api/v1/balancers': { items: [], next: null } }
const STATE = {
  ...NO_BALANCERS,
  '/api/v1/fleets': { items: [aFleet()], next: null },
  '/api/v1/fleets/api': aFleet(),
  '/api/v1/pools': { items: [aPool()], next: null },
  '/api/v1/decisions?fleet=api&limit=50': { items: [aDecision()], next: 7 },
}

test.each([
  ['statsu', "unknown command 'statsu'"],
  ['drain', "missing required argument 'server'"],
  ['drain a b', 'too many arguments'],
  ['scale api x', 'Expected a whole number from 0 to 100000.'],
  ['scale api -1', 'Expected a whole number from 0 to 100000.'],
  ['scale api 3 --for soon', 'Expected a duration such as 90s, 30m or 1h30m.'],
  ['pause api --direction up', 'Allowed choices are in, out, both.'],
  ['events -n 0', 'Expected a whole number from 1 to 500.'],
  ['status --api ftp://x', '--api: expected a URL such as http://127.0.0.1:9900, got "ftp://x"'],
  ['status --jsn', "unknown option '--jsn'"],
])('%s: exit code 2, and says what is wrong on stderr', async (line, message) => {
  const { code, out, err } = await run(line)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(message)
})

test('help is data and no error', async () => {
  const { code, out, err } = await run('scale --help')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('Usage: tidegate scale [options] <fleet> <count>')
})

test('validate lists the problems on stderr; exit code 2', async () => {
  const { code, out, err } = await run('validate bad.yaml')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toBe('bad.yaml:3:5: pools.api.helth: unknown key; did you mean "health"?\n')
  expect(JSON.parse((await run('validate bad.yaml --json')).out)).toEqual({
    ok: false,
    problems: [PROBLEM],
    windows: [],
  })
})

test('status shows fleets, servers and pools', async () => {
  const { code, out, err } = await run('status', { answers: STATE })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.split('\n')).toEqual([
    'FLEET  MIN  DESIRED  ACTUAL  READY  MAX  READINGS',
    'api      2        4       3      2   50  in-flight-per-server 16, cpu no data',
    '',
    'SERVER  STATE    IN-FLIGHT  CONNECTIONS    AGE  ADDRESS          DETAIL',
    'api-1   serving          3            5  1m30s  127.0.0.1:20001',
    '',
    'pool api (least-connections): 12.5/s, 3 in flight',
    'MEMBER  STATE    WEIGHT  IN-FLIGHT   RPS   P50   P95  P99  LAST CHECK',
    'api-1   healthy     100          3  12.5  51ms  60ms    -  200',
    '',
  ])
})

test('status says what operators ordered and what cannot be seen', async () => {
  const fleet = aFleet({
    blind: 'balancer: timeout',
    orders: [
      { id: 1, scope: 'fleet:api', at: NOW, untilAt: null, by: 'cli:ann', kind: 'pause', direction: 'in' },
      { id: 2, scope: 'fleet:api', at: NOW, untilAt: NOW + 60_000, by: 'api', kind: 'pin', desired: 5 },
    ],
  })
  const { out } = await run('status', {
    answers: { ...STATE, '/api/v1/fleets': { items: [fleet], next: null } },
  })
  expect(out).toContain('api: blind: balancer: timeout\n')
  expect(out).toContain(`api: scaling in paused by cli:ann since ${time(NOW)}, until taken back\n`)
  expect(out).toContain(`api: pinned to 5 by api since ${time(NOW)}, until ${time(NOW + 60_000)}\n`)
})

/** Open for an hour and a half, and again tomorrow; then an event of the day after. */
const NIGHT = {
  policy: 'night',
  event: null,
  timezone: 'Asia/Shanghai',
  min: null,
  max: 10,
  multiplier: null,
}
const WINDOWS: readonly Window[] = [
  { ...NIGHT, startAt: NOW - HOUR, endAt: NOW + HOUR / 2 },
  { ...NIGHT, startAt: NOW + 23 * HOUR, endAt: NOW + 24.5 * HOUR },
  { ...NIGHT, startAt: NOW + 47 * HOUR, endAt: NOW + 48.5 * HOUR },
  {
    policy: 'sales',
    event: 'sale',
    timezone: 'UTC',
    startAt: NOW + 50 * HOUR,
    endAt: NOW + 51 * HOUR,
    min: 6,
    max: null,
    multiplier: 3,
  },
]
const OPEN = 'schedule night is open, until 2026-01-02 11:34 (Asia/Shanghai): max 10'
const AGAIN = 'schedule night opens 2026-01-03 10:04, until 2026-01-03 11:34 (Asia/Shanghai): max 10'
const SALE = 'event sale opens 2026-01-04 05:04, until 2026-01-04 06:04 (UTC): min 6, 3 times the load'

test('status and plan show what is open and what comes next', async () => {
  const fleet = aFleet({ windows: WINDOWS, lastTickAt: NOW })
  const state = { ...STATE, '/api/v1/fleets': { items: [fleet], next: null } }
  const notes = [OPEN, AGAIN, SALE]
  expect((await run('status', { answers: state })).out).toContain(
    notes.map((note) => `api: ${note}\n`).join(''),
  )
  const plans = { ...NO_BALANCERS, '/api/v1/plan': { items: [aPlan({ windows: WINDOWS })], next: null } }
  const planned = await run('plan', { answers: plans })
  expect(planned.out.split('\n')).toEqual([
    'api: 2 -> 3 servers, nothing to do',
    ...notes.map((note) => `  ${note}`),
    '',
  ])
})

test('explain shows every window, and dates what ends on another day', async () => {
  const because = [{ by: 'guard:limits', from: 4, to: 10, says: 'at least 10', untilAt: NOW + 24.5 * HOUR }]
  const decision = { ...aDecision().decision, because }
  const answers = { ...STATE, '/api/v1/fleets/api': aFleet({ windows: WINDOWS, decision }) }
  const { out } = await run('explain api', { answers })
  const date = new Date(NOW + 24.5 * HOUR).toLocaleDateString('sv')
  expect(out).toContain(`(until ${date} ${time(NOW + 24.5 * HOUR)})\n`)
  expect(out).toContain(`  calendar\n    ${OPEN}\n    ${AGAIN}\n`)
  expect(out).toContain(`    ${SALE}\n`)
})

test('status --watch on a pipe says once that nobody answers, and goes on', async () => {
  const { code, out, err } = await run('status --watch', { answers: STATE, looks: 5, silent: [1, 2] })
  expect(code).toBe(130)
  expect(out.match(/^FLEET/gm)).toHaveLength(3)
  expect(err).toBe('no answer for /api/v1/fleets; asking again\n')
})

test('status as JSON is what the API says', async () => {
  const { out } = await run('status --json', { answers: STATE })
  expect(JSON.parse(out)).toEqual({ fleets: [aFleet()], pools: [aPool()], balancers: [] })
})

test('explain says why, and why not', async () => {
  const { out } = await run('explain api', { answers: STATE })
  expect(out.split('\n')).toEqual([
    `api: 2 -> 3 servers at ${time(NOW)}`,
    '  read',
    '    in-flight-per-server 16, 0ms old, from balancer',
    '    cpu no data, 0ms old, from fleet',
    '  why',
    '    policy:busy: 2 -> 4: in-flight-per-server is 16, target 8',
    `    guard:limits: 4 -> 3: max is 3 (until ${time(NOW + 60_000)})`,
    '  policies',
    '    busy: wants 4: in-flight-per-server is 16, target 8',
    '    hot: abstains: the condition is false',
    '      cpu > 80% = false',
    '        cpu = no data',
    '',
  ])
})

test('explain says what was changed last, and why launches wait', async () => {
  const request = { fleet: 'api', count: 1, revision: 'abc', template: null }
  const intent = { token: 't', fleet: 'api', at: NOW, have: 2, want: 3, by: 'policy:busy' }
  const steps = [{ ...intent, step: { kind: 'launch' as const, request } }]
  const backoff = { failures: 2, untilAt: NOW + 5_000, why: '2 servers in a row never became healthy' }
  const answers = {
    ...STATE,
    '/api/v1/fleets/api': aFleet({ backoff }),
    '/api/v1/decisions?fleet=api&limit=50': { items: [aDecision(), aDecision({ steps })], next: null },
  }
  const { out } = await run('explain api', { answers })
  expect(out).toContain(
    `  launches\n    they wait until ${time(NOW + 5_000)}: 2 servers in a row never became healthy\n` +
      `  last change\n    2 -> 3 servers at ${time(NOW)}\n    + launch 1 api (revision abc)\n`,
  )
  const status = await run('status', {
    answers: { ...STATE, '/api/v1/fleets': { items: [aFleet({ backoff })], next: null } },
  })
  expect(status.out).toContain(`api: launches: they wait until ${time(NOW + 5_000)}: 2 servers`)
})

test('explain shows what is under way and which servers do not serve', async () => {
  const request = { fleet: 'api', count: 1, revision: 'abc', template: null }
  const fleet = aFleet({
    servers: [{ ...aFleet().servers[0]!, id: 'api-9', state: 'failed', detail: 'exited with 1' }],
    open: [
      { token: 't', step: { kind: 'launch', request }, state: 'overdue', detail: 'not listed after 60 s' },
    ],
  })
  const { out } = await run('explain api', { answers: { ...STATE, '/api/v1/fleets/api': fleet } })
  expect(out).toContain(
    '  open\n    + launch 1 api (revision abc): overdue, not listed after 60 s\n' +
      '  servers not serving\n    api-9: failed, exited with 1\n',
  )
})

test('explain without a name explains every fleet', async () => {
  const fleets = { items: [aFleet(), aFleet({ name: 'jobs', decision: null })], next: null }
  const answers = {
    ...STATE,
    '/api/v1/fleets': fleets,
    '/api/v1/decisions?fleet=jobs&limit=50': { items: [], next: null },
  }
  const { out } = await run('explain', { answers })
  expect(out).toContain('api: 2 -> 3 servers')
  expect(out).toContain('jobs: no decision yet')
})

test('plan ends with 0 when all that is left is to confirm servers that have joined', async () => {
  const joined = aPlan({ steps: [{ kind: 'confirm', ids: ['api-1'] }] })
  const answers = { ...NO_BALANCERS, '/api/v1/plan': { items: [joined], next: null } }
  expect((await run('plan', { answers })).code).toBe(0)
})

test('plan prints the steps and ends with 3; without steps with 0', async () => {
  const request = { fleet: 'api', count: 2, revision: 'abc', template: null }
  const member = { id: 'api-2', address: '127.0.0.1:1', weight: 0 }
  const changes = aPlan({
    steps: [
      { kind: 'launch', request },
      { kind: 'put', why: 'drain', pool: 'api', members: [member] },
      { kind: 'drop', pool: 'api', ids: ['api-3'] },
      { kind: 'confirm', ids: ['api-4'] },
      { kind: 'retire', ids: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
    ],
  })
  const answers = { ...NO_BALANCERS, '/api/v1/plan': { items: [changes], next: null } }
  const planned = await run('plan', { answers })
  expect(planned.out.split('\n')).toEqual([
    'api: 2 -> 3 servers',
    '  + launch 2 api (revision abc)',
    '  ~ drain api-2 in pool api (weight 0)',
    '  - drop api-3 from pool api',
    '  ~ confirm api-4',
    '  - retire a, b, c, d, e and 2 more',
    '',
  ])
  expect(planned.code).toBe(3)
  expect(planned.err).toBe('This is the plan of the Tidegate that runs at http://api.\n')
  const idle = await run('plan', {
    answers: { ...NO_BALANCERS, '/api/v1/plan': { items: [aPlan({ steps: [] })], next: null } },
  })
  expect(idle.code).toBe(0)
})

test('events prints a line each', async () => {
  const answers = {
    '/api/v1/events?limit=2': { items: [anEvent(1), anEvent(2, 'two\u001b[2Jservers\n')], next: null },
  }
  const { code, out } = await run('events -n 2', { answers })
  expect(code).toBe(0)
  expect(out).toBe(`${time(NOW + 1)} fleet:api event 1\n${time(NOW + 2)} fleet:api two?[2Jservers?\n`)
})

test('events -f goes on where it was when the controller restarts, until Ctrl-C: exit code 130', async () => {
  const { code, out, after } = await run('events -f --json', {
    answers: { '/api/v1/events?limit=20': { items: [anEvent(1)], next: null } },
    streams: [[anEvent(2), anEvent(3)], new CliError('no Tidegate answers'), [anEvent(4)]],
  })
  expect(code).toBe(130)
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ).toEqual([1, 2, 3, 4])
  expect(after).toEqual([1, 3, 3, 4])
})

test.each([
  ['drain a/b', ['POST', '/api/v1/servers/a%2Fb/drain', {}]],
  ['ready api-1', ['POST', '/api/v1/servers/api-1/ready', {}]],
  ['pause api', ['POST', '/api/v1/fleets/api/pause', { direction: 'both' }]],
  ['pause api --direction in', ['POST', '/api/v1/fleets/api/pause', { direction: 'in' }]],
  ['resume api', ['POST', '/api/v1/fleets/api/resume', {}]],
  ['replace api', ['POST', '/api/v1/fleets/api/replace', {}]],
  ['scale api 5', ['PUT', '/api/v1/fleets/api/desired', { desired: 5, untilAt: NOW + 3_600_000 }]],
  ['scale api 5 --for 1m30s', ['PUT', '/api/v1/fleets/api/desired', { desired: 5, untilAt: NOW + 90_000 }]],
  ['reload', ['POST', '/api/v1/reload', {}]],
])('%s gives its order and says so on stderr', async (line, sent) => {
  const quiet = await run(line, { answers: STATE })
  expect(quiet).toMatchObject({ code: 0, out: '', sent: [sent] })
  expect(quiet.err).not.toBe('')
  expect((await run(`${line} --json`, { answers: STATE })).out).toBe('{"done":true}\n')
})

test('scale says when a fleet cannot have as many', async () => {
  const { err } = await run('scale api 99', { answers: STATE })
  expect(err).toContain('api wants 50 servers (99 is outside 2 to 50, its min and max) for 1h')
})

test('an error of the API is one sentence and exit code 1', async () => {
  expect(await run('explain nope')).toMatchObject({
    code: 1,
    out: '',
    err: 'no answer for /api/v1/fleets/nope\n',
  })
})

test('colours only when the terminal wants them', async () => {
  const esc = String.fromCharCode(27)
  expect((await run('status', { answers: STATE, color: true })).out).toContain(`${esc}[32mserving${esc}[39m`)
  expect((await run('status', { answers: STATE })).out).not.toContain(esc)
})

test('version prints that of the package', async () => {
  expect((await run('version')).out).toMatch(/^tidegate \d+\.\d+\.\d+ /)
})
