import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import type { Opened } from '../../src/core/driver.ts'
import type { Fleet, LaunchRequest } from '../../src/core/fleet.ts'
import type { Host } from '../../src/core/time.ts'
import { parseLocal, templateOf } from '../../src/drivers/local/config.ts'
import { local } from '../../src/drivers/local/module.ts'
import { readEnvironment, readProcess, readProcesses } from '../../src/drivers/local/proc.ts'
import { type FleetHarness, fleetContract } from './fleet.ts'
import { metricSourceContract } from './metric-source.ts'

const WAITS = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000)'
const DEAF = 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'
const WITH_INNER_CHILD = `require("node:child_process").spawn("sleep", ["300"]); ${WAITS}`
const WITH_CHILD = `require("node:child_process").spawn("sleep", ["300"], { detached: true }); ${WAITS}`

const never = (): AbortSignal => new AbortController().signal
let sequence = Date.now()

interface LocalHarness extends FleetHarness {
  readonly opened: Opened
  /** A fleet of another name in the same installation. */
  sibling(): Promise<Opened>
  readonly stateDir: string
}

/** Opens a local fleet of an installation of its own, so that nothing else on this machine can be in its list. */
async function harness(script = WAITS, stopTimeout = '5s'): Promise<LocalHarness> {
  const stateDir = mkdtempSync(join(tmpdir(), 'tidegate-fleet-'))
  const installation = `test-${process.pid}-${sequence++}`
  const clock = systemClock()
  const log = { info() {}, warn() {}, error() {} }
  const host: Host = { clock, rng: Math.random, log, installation, stateDir }
  const parsed = parseLocal({ command: ['node', '-e', script], 'stop-timeout': stopTimeout }, stateDir)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { config } = parsed
  let opened = await local.open(config, { fleet: 'api', startupMs: 60_000 }, host)
  return {
    opened,
    stateDir,
    sibling: () => local.open(config, { fleet: 'web', startupMs: 60_000 }, host),
    fleet: opened.fleet!,
    request: (count) => ({
      token: `${installation}.api.${sequence++}`,
      fleet: 'api',
      count,
      revision: 'r1',
      template: templateOf(config),
    }),
    pass: () => sleep(10),
    async reopen() {
      await opened[Symbol.asyncDispose]()
      opened = await local.open(config, { fleet: 'api', startupMs: 60_000 }, host)
      return opened.fleet!
    },
    async crash(id) {
      for (const pid of processesOf(installation, id)) process.kill(pid, 'SIGKILL')
    },
    async close() {
      await opened[Symbol.asyncDispose]()
      for (const pid of processesOf(installation)) process.kill(pid, 'SIGKILL')
      while (processesOf(installation).length > 0) await sleep(10)
      rmSync(stateDir, { recursive: true })
    },
  }
}

function processesOf(installation: string, id?: string): readonly number[] {
  return readProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => {
      const env = readEnvironment(pid)
      return env.TIDEGATE_INSTALLATION === installation && (id === undefined || env.TIDEGATE_SERVER_ID === id)
    })
}

async function until<T>(look: () => Promise<T> | T, done: (value: T) => boolean): Promise<T> {
  for (let round = 0; round < 1000; round++) {
    const value = await look()
    if (done(value)) return value
    await sleep(10)
  }
  throw new Error(`not in time: ${JSON.stringify(await look())}`)
}

const listed = async (fleet: Fleet) => (await fleet.list(never())).servers
const logOf = ({ stateDir }: LocalHarness, id: string) =>
  readFileSync(join(stateDir, 'logs', 'api', `${id}.log`), 'utf8')

fleetContract('local', () => harness())

metricSourceContract('local', async () => {
  const world = await harness()
  const { ids } = await world.fleet.launch(world.request(1), never())
  return {
    source: world.opened.metrics!,
    query: { metric: 'cpu', fleet: 'api', pools: [], servers: ids },
    now: Date.now,
    pass: () => sleep(10),
    lose: () => world.crash(ids[0]!),
    close: () => world.close(),
  }
})

describe('local servers', () => {
  let world: LocalHarness
  afterEach(() => world.close())

  test('know from their environment who they are and where to listen', async () => {
    world = await harness(`console.log(JSON.stringify(process.env)); ${WAITS}`)
    const request = world.request(1)
    const { ids } = await world.fleet.launch(request, never())
    const env = JSON.parse(
      await until(
        () => logOf(world, ids[0]!),
        (text) => text.endsWith('\n'),
      ),
    )
    const [server] = await listed(world.fleet)
    expect(env).toMatchObject({
      TIDEGATE_FLEET: 'api',
      TIDEGATE_SERVER_ID: ids[0],
      TIDEGATE_TOKEN: request.token,
      TIDEGATE_REVISION: 'r1',
    })
    expect(server?.address).toBe(`127.0.0.1:${env.PORT}`)
    expect(Number(env.PORT)).toBeGreaterThanOrEqual(20_000)
    expect(Number(env.PORT)).toBeLessThan(30_000)
  })

  test('that have ended are not started again by a repeated launch, also after a restart', async () => {
    world = await harness('process.exit(3)')
    const request = world.request(1)
    const first = await world.fleet.launch(request, never())
    const [server] = await until(
      () => listed(world.fleet),
      (list) => list[0]?.detail?.startsWith('exited with code 3; `tidegate logs ') ?? false,
    )
    expect(server).toMatchObject({
      phase: 'failed',
      ending: { code: 3, signal: null, outOfMemory: false },
    })
    expect(await world.fleet.launch(request, never())).toEqual(first)
    const reopened = await world.reopen()
    expect(await reopened.launch(request, never())).toEqual(first)
    expect(await listed(reopened)).toEqual([])
  })

  test('are the root processes only, and take their children along when they stop', async () => {
    world = await harness(WITH_CHILD)
    const { ids } = await world.fleet.launch(world.request(1), never())
    const installation = world.request(1).token.split('.')[0]!
    await until(
      () => processesOf(installation),
      (pids) => pids.length === 2,
    )
    expect((await listed(world.fleet)).map(({ id }) => id)).toEqual(ids)
    expect((await listed(await world.reopen())).map(({ id }) => id)).toEqual(ids)
  })

  test('leave no child behind', async () => {
    world = await harness(WITH_CHILD)
    const { ids } = await world.fleet.launch(world.request(1), never())
    const installation = world.request(1).token.split('.')[0]!
    await until(
      () => processesOf(installation),
      (pids) => pids.length === 2,
    )
    await world.fleet.retire(ids, never())
    await until(
      () => processesOf(installation),
      (pids) => pids.length === 0,
    )
    expect(
      await until(
        () => listed(world.fleet),
        (list) => list.length === 0,
      ),
    ).toEqual([])
  })

  test('that do not hear SIGTERM are killed at the deadline', async () => {
    world = await harness(DEAF, '200ms')
    const { ids } = await world.fleet.launch(world.request(1), never())
    await until(
      () => logOf(world, ids[0]!),
      (text) => text.includes('up'),
    )
    await world.fleet.retire(ids, never())
    expect(await listed(world.fleet)).toMatchObject([{ id: ids[0], phase: 'retiring' }])
    await until(
      () => listed(world.fleet),
      (list) => list.length === 0,
    )
  })

  test('go on being stopped when the controller comes back', async () => {
    world = await harness(DEAF, '300ms')
    const { ids } = await world.fleet.launch(world.request(1), never())
    await until(
      () => logOf(world, ids[0]!),
      (text) => text.includes('up'),
    )
    await world.fleet.retire(ids, never())
    const reopened = await world.reopen()
    expect(await listed(reopened)).toMatchObject([{ id: ids[0], phase: 'retiring' }])
    await until(
      () => listed(reopened),
      (list) => list.length === 0,
    )
  })

  test('that ended while no controller looked leave no child behind', async () => {
    world = await harness(WITH_INNER_CHILD)
    await world.fleet.launch(world.request(1), never())
    const installation = world.request(1).token.split('.')[0]!
    const pids = await until(
      () => processesOf(installation),
      (all) => all.length === 2,
    )
    await world.reopen()
    expect(processesOf(installation)).toEqual(pids)
    const root = pids.find((pid) => readProcess(pid)?.session === pid)!
    process.kill(root, 'SIGKILL')
    await until(
      () => readProcess(root),
      (gone) => gone === null,
    )
    // Opened again without a look in between, as by a controller that was away.
    const returned = await world.reopen()
    await until(
      () => processesOf(installation),
      (all) => all.length === 0,
    )
    expect(await listed(returned)).toEqual([])
  })

  test('of other fleets and installations are not in the list', async () => {
    world = await harness()
    await using sibling = await world.sibling()
    await world.fleet.launch(world.request(1), never())
    expect(await listed(sibling.fleet!)).toEqual([])
    await world.fleet.retire(
      (await listed(world.fleet)).map(({ id }) => id),
      never(),
    )
    await until(
      () => listed(world.fleet),
      (list) => list.length === 0,
    )
    const other = await harness()
    try {
      await other.fleet.launch(other.request(1), never())
      expect(await listed(world.fleet)).toEqual([])
    } finally {
      await other.close()
    }
  })

  test('that cannot be started are a fault that says why, and may be tried again', async () => {
    world = await harness()
    const request = { ...world.request(1), template: { command: ['no-such-program'], env: {}, cwd: '/' } }
    const failure = { code: 'fleet.launch-failed', message: expect.stringContaining('no-such-program') }
    await expect(world.fleet.launch(request, never())).rejects.toMatchObject(failure)
    const better: LaunchRequest = { ...request, template: world.request(1).template }
    expect((await world.fleet.launch(better, never())).ids).toHaveLength(1)
    expect(await listed(world.fleet)).toHaveLength(1)
  })

  test('show their CPU after two reads', async () => {
    world = await harness('for (;;);')
    const { ids } = await world.fleet.launch(world.request(1), never())
    const query = { fleet: 'api', pools: [], servers: ids }
    const read = async () =>
      world.opened.metrics!.read(
        [
          { ...query, metric: 'cpu' },
          { ...query, metric: 'memory' },
        ],
        5000,
        never(),
      )
    expect(await read()).toMatchObject([
      { ok: false, why: 'no-data' },
      { ok: false, why: 'no-data' },
    ])
    const [cpu] = await until(read, ([first]) => first?.ok === true && first.sample.value > 0.1)
    expect(cpu).toMatchObject({ ok: true })
  })
})

test('a zombie counts as gone', async () => {
  // A shell that becomes a program which waits for nobody: its first child stays a zombie.
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const zombie = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (data) => resolve(Number(String(data)))),
    )
    const state = () => readFileSync(`/proc/${zombie}/stat`, 'utf8').split(') ')[1]?.[0]
    await until(state, (letter) => letter === 'Z')
    expect(existsSync(`/proc/${zombie}`)).toBe(true)
    expect(readdirSync('/proc')).toContain(String(zombie))
    expect(readProcess(zombie)).toBeNull()
  } finally {
    parent.kill('SIGKILL')
  }
})
