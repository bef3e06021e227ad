import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import type { LaunchRequest } from '../../src/core/fleet.ts'
import type { Host } from '../../src/core/time.ts'
import { parseExec, templateOf } from '../../src/drivers/exec/config.ts'
import { exec } from '../../src/drivers/exec/module.ts'
import { readProcesses } from '../../src/drivers/local/proc.ts'
import { type FleetHarness, fleetContract } from './fleet.ts'

const SCRIPT = new URL('fixtures/exec-servers.sh', import.meta.url).pathname
const SCRIPTED = {
  list: ['sh', SCRIPT, 'list'],
  launch: ['sh', SCRIPT, 'launch'],
  retire: ['sh', SCRIPT, 'retire'],
  fresh: '0s',
}
const EMPTY = ['echo', '{"servers":[]}']

const never = (): AbortSignal => new AbortController().signal
let sequence = Date.now()

interface ExecHarness extends FleetHarness {
  readonly installation: string
  readonly folder: string
  /** How often the script has been called for it. */
  calls(command: string): number
}

async function harness(raw: Readonly<Record<string, unknown>> = SCRIPTED): Promise<ExecHarness> {
  const stateDir = mkdtempSync(join(tmpdir(), 'tidegate-exec-'))
  const folder = join(stateDir, 'exec', 'api')
  const installation = `test-${process.pid}-${sequence++}`
  const log = { info() {}, warn() {}, error() {} }
  const host: Host = { clock: systemClock(), rng: Math.random, log, installation, stateDir }
  const parsed = parseExec(raw, stateDir)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { config } = parsed
  let opened = await exec.open(config, { fleet: 'api', startupMs: 60_000 }, host)
  const pidOf = (id: string): number =>
    Number(readFileSync(join(folder, `${id}.server`), 'utf8').split(' ')[0])
  return {
    fleet: opened.fleet!,
    installation,
    folder,
    request: (count) => ({
      token: `${installation}.api.${sequence++}`,
      fleet: 'api',
      count,
      revision: 'r1',
      template: templateOf(config),
    }),
    pass: () => sleep(10),
    calls: (command) =>
      readFileSync(join(folder, 'calls'), 'utf8')
        .split('\n')
        .filter((line) => line === command).length,
    async reopen() {
      await opened[Symbol.asyncDispose]()
      opened = await exec.open(config, { fleet: 'api', startupMs: 60_000 }, host)
      return opened.fleet!
    },
    async crash(id) {
      process.kill(pidOf(id), 'SIGKILL')
    },
    async close() {
      const { servers } = await opened.fleet!.list(never()).catch(() => ({ servers: [] }))
      if (raw === SCRIPTED) await opened.fleet!.retire(idsOf(servers), never())
      await opened[Symbol.asyncDispose]()
      rmSync(stateDir, { recursive: true })
    },
  }
}

const idsOf = (servers: readonly { readonly id: string }[]) => servers.map(({ id }) => id)

fleetContract('exec', () => harness())

describe('commands of the exec driver', () => {
  let world: ExecHarness
  afterEach(() => world.close())

  /** A fleet whose list is empty and whose launch is a line of shell. */
  const launching = (line: string, more: object = {}) =>
    harness({ list: EMPTY, launch: ['sh', '-c', line], retire: ['true'], fresh: '0s', ...more })
  const launched = (request: LaunchRequest = world.request(2)) => world.fleet.launch(request, never())
  /** A fleet whose list is a line of shell. */
  const listing = (line: string, more: object = {}) =>
    harness({ list: ['sh', '-c', line], launch: ['false'], retire: ['true'], fresh: '0s', ...more })
  const listed = async () => (await world.fleet.list(never())).servers

  test('get the request on stdin and the rest in the environment, and nothing secret in their arguments', async () => {
    world = await launching('cat > got; env >> got; echo "{\\"ids\\":[\\"a\\"]}"', {
      env: { PASSWORD: 'open sesame' },
      template: { size: 'small' },
    })
    const request = world.request(1)
    expect(await launched(request)).toEqual({ token: request.token, ids: ['a'] })
    const [line = '', ...env] = readFileSync(join(world.folder, '../..', 'got'), 'utf8').split('\n')
    expect(JSON.parse(line)).toEqual({
      protocol: 1,
      command: 'launch',
      installation: world.installation,
      fleet: 'api',
      token: request.token,
      count: 1,
      revision: 'r1',
      template: { size: 'small' },
    })
    expect(env).toEqual(
      expect.arrayContaining([
        'PASSWORD=open sesame',
        'TIDEGATE_PROTOCOL=1',
        'TIDEGATE_COMMAND=launch',
        'TIDEGATE_FLEET=api',
        'TIDEGATE_COUNT=1',
        'TIDEGATE_REVISION=r1',
        `TIDEGATE_INSTALLATION=${world.installation}`,
        `TIDEGATE_TOKEN=${request.token}`,
        `TIDEGATE_FOLDER=${world.folder}`,
      ]),
    )
  })

  test('that fail say why with the last line of their stderr, and no secret', async () => {
    world = await launching('echo starting >&2; echo "bad key: $API_KEY" >&2; exit 3', {
      env: { API_KEY: 'abc-123-xyz' },
    })
    await expect(launched()).rejects.toMatchObject({
      code: 'fleet.launch-failed',
      retry: 'no',
      message: 'the launch command: exit code 3: bad key: $API_KEY',
    })
  })

  test('that end with 75, by a signal or without a usable answer leave the outcome unknown', async () => {
    for (const line of [
      'echo busy >&2; exit 75',
      'kill -SEGV $$',
      'echo "done, boss"',
      'true',
      'echo "{\\"ids\\":[\\"a\\",\\"b\\",\\"c\\"]}"',
      'echo "{\\"ids\\":[\\"a\\",\\"a\\"]}"',
      'echo "{\\"ids\\":[1]}"',
    ]) {
      world = await launching(line)
      await expect(launched(), line).rejects.toMatchObject({ code: 'fleet.launch-failed', retry: 'unknown' })
      await world.close()
    }
    world = await launching('true')
  })

  test('may launch fewer than asked for, by their own word or before they fail', async () => {
    world = await launching('echo "{\\"ids\\":[\\"a\\"],\\"why\\":\\"zone b is full\\"}"')
    expect(await launched()).toMatchObject({ ids: ['a'], why: 'zone b is full' })
    await world.close()
    world = await launching('echo "{\\"ids\\":[\\"a\\"]}"; echo "zone b is full" >&2; exit 1')
    expect(await launched()).toMatchObject({
      ids: ['a'],
      why: 'the launch command: exit code 1: zone b is full',
    })
    await world.close()
    world = await launching('echo "{\\"ids\\":[]}"')
    expect(await launched()).toMatchObject({ ids: [], why: '0 of 2 were launched' })
  })

  test('that do not end in time are killed with all that they have started', async () => {
    const mark = `61${process.pid}`
    world = await launching(`trap "" TERM; sleep ${mark} & sleep ${mark}`, { timeouts: { launch: '300ms' } })
    await expect(launched()).rejects.toMatchObject({
      retry: 'unknown',
      message: 'the launch command: killed, it did not end within 300ms',
    })
    await until(() => sleepers(mark) === 0)
  })

  test('that print without end are killed', async () => {
    world = await launching('yes')
    await expect(launched()).rejects.toMatchObject({ message: expect.stringContaining('printed more than') })
  })

  test('that are not there say so', async () => {
    world = await harness({ list: ['./no-such-list'], launch: ['true'], retire: ['true'] })
    await expect(listed()).rejects.toMatchObject({
      code: 'fleet.list-failed',
      source: 'user',
      message: 'the list command: there is no such program, or no such folder to run it in',
    })
  })

  test('may leave a server running that holds their output', async () => {
    const mark = `62${process.pid}`
    world = await launching(`setsid sleep ${mark} & echo "{\\"ids\\":[\\"a\\",\\"b\\"]}"`)
    expect((await launched()).ids).toEqual(['a', 'b'])
    expect(sleepers(mark)).toBe(1)
    for (const pid of pidsOf(mark)) process.kill(pid, 'SIGKILL')
  })

  test('that list nonsense are told where', async () => {
    const server = (more: string) => `printf '{"servers":[{"id":"a","token":"%s","revision":"r"${more}}]}'`
    const token = '"$TIDEGATE_INSTALLATION.api.7"'
    for (const [line, says] of [
      ['echo "{"; echo "x}"', 'not JSON at line 2, column 1 ("x")'],
      ['true', 'it printed nothing; expected JSON'],
      ["printf '\\377'", 'not UTF-8'],
      ['echo "[]"', 'the answer: expected an object, got []'],
      ['echo "{}"', 'servers: expected a list, got nothing'],
      ['echo "{\\"servers\\":[7]}"', 'servers[0]: expected an object, got 7'],
      [`${server('')} other.api.7`, 'servers[0].token: "other.api.7" is no token of this fleet'],
      [`${server(',"address":"nowhere"')} ${token}`, 'servers[0].address: expected host:port or null'],
      [
        `${server(',"launchedAt":"noon"')} ${token}`,
        'servers[0].launchedAt: expected milliseconds since 1970',
      ],
      [
        `${server(',"phase":"up"')} ${token}`,
        'servers[0].phase: expected launching, running, retiring, failed',
      ],
    ] as const) {
      world = await listing(line)
      await expect(listed(), line).rejects.toMatchObject({
        code: 'fleet.list-failed',
        message: expect.stringContaining(says),
      })
      await world.close()
    }
    world = await listing(`${server('')} ${token}`)
    expect(await listed()).toEqual([
      {
        id: 'a',
        token: `${world.installation}.api.7`,
        address: null,
        revision: 'r',
        launchedAt: 7,
        phase: 'running',
      },
    ])
  })

  test('that list are run once for many who ask, and go on when nobody waits any more', async () => {
    world = await listing('echo x >> calls; sleep 0.3; echo "{\\"servers\\":[]}"')
    const impatient = AbortSignal.timeout(50)
    const [first, second, third] = await Promise.allSettled([
      world.fleet.list(impatient),
      world.fleet.list(never()),
      world.fleet.list(never()),
    ])
    expect([first?.status, second?.status, third?.status]).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(readFileSync(join(world.folder, '../..', 'calls'), 'utf8')).toBe('x\n')
  })

  test('are not asked to retire or confirm what is not there', async () => {
    world = await harness({ list: EMPTY, launch: ['false'], retire: ['false'], confirm: ['false'] })
    await world.fleet.retire(['nobody'], never())
    await world.fleet.confirm(['nobody'], never())
  })

  test('that hang are killed when the fleet closes', async () => {
    const mark = `63${process.pid}`
    world = await launching(`sleep ${mark}`)
    const launch = launched()
    launch.catch(() => {})
    await until(() => sleepers(mark) === 1)
    await world.reopen()
    await expect(launch).rejects.toMatchObject({ retry: 'unknown' })
    expect(sleepers(mark)).toBe(0)
  })
})

describe('a fleet of scripts', () => {
  let world: ExecHarness
  beforeEach(async () => {
    world = await harness()
  })
  afterEach(() => world.close())

  test('finds by its token what a lost answer had launched, and launches no more', async () => {
    const request = world.request(2)
    const first = await world.fleet.launch(request, never())
    await world.fleet.retire(first.ids.slice(1), never())
    const again = await (await world.reopen()).launch(request, never())
    expect(again).toMatchObject({ ids: first.ids.slice(0, 1), why: expect.stringContaining('1 of 2') })
    expect(world.calls('launch')).toBe(1)
  })

  test('confirms by a fourth command, only where there is one', async () => {
    await world.fleet.confirm((await world.fleet.launch(world.request(1), never())).ids, never())
    const confirming = await harness({
      ...SCRIPTED,
      confirm: ['sh', '-c', 'cat > "$TIDEGATE_FOLDER/confirmed"'],
    })
    const { ids } = await confirming.fleet.launch(confirming.request(1), never())
    await confirming.fleet.confirm(ids, never())
    const got = JSON.parse(readFileSync(join(confirming.folder, 'confirmed'), 'utf8'))
    expect(got).toMatchObject({ command: 'confirm', ids })
    await confirming.fleet.retire(ids, never())
    await confirming.close()
  })
})

function pidsOf(seconds: string): readonly number[] {
  return readProcesses().flatMap(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${seconds}\0` ? [pid] : []
    } catch {
      return []
    }
  })
}
const sleepers = (seconds: string): number => pidsOf(seconds).length

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1000; round++) {
    if (await done()) return
    await sleep(10)
  }
  throw new Error('not in time')
}
