import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import { localApi } from '../../src/app/terminal.ts'
import type { Opened } from '../../src/core/driver.ts'
import type { LaunchRequest } from '../../src/core/fleet.ts'
import type { Host } from '../../src/core/time.ts'
import { readFacts, systemGroups } from '../../src/drivers/local/cgroup/files.ts'
import { choosePlace } from '../../src/drivers/local/cgroup/place.ts'
import { parseLocal, templateOf } from '../../src/drivers/local/config.ts'
import { local } from '../../src/drivers/local/module.ts'
import { findLinux, inLinux, whyNoLimits } from '../kit/cgroups.ts'
import { Tidegate } from '../kit/tidegate.ts'

/** On a machine whose cgroup v2 cannot be written the suite runs in a Linux of its own. */
const FILE = 'test/e2e/limits.test.ts'
const unable = whyNoLimits()
const elsewhere = unable !== null && findLinux() !== null
const reason = unable === null || elsewhere ? '' : ` (${unable}, and needs user-mode-linux)`

/** The part of the hierarchy that is Tidegate's: where it stands depends on who runs the test. */
function owned(): string {
  const placed = choosePlace(readFacts(), ['cpu', 'memory'])
  return placed.ok ? `${placed.place.base}/tidegate` : 'nowhere'
}

const never = (): AbortSignal => new AbortController().signal
const WAITS = 'setInterval(() => {}, 1000)'
const BURNS = 'for (;;);'
/** Takes memory until somebody stops it; touched, or it would not be resident. */
const GROWS = 'const all = []; setInterval(() => all.push(Buffer.alloc(8 * 2 ** 20, 1)), 5)'
const HOLDS = `const all = Array.from({ length: 6 }, () => Buffer.alloc(8 * 2 ** 20, 1)); setInterval(() => all, 1000)`
let sequence = Date.now()

if (elsewhere) {
  test('limits of local servers hold, in a Linux of its own', { timeout: 300_000 }, async () => {
    const { code, output } = await inLinux(['vitest', 'run', '--project', 'e2e', FILE])
    expect(code, output).toBe(0)
    expect(output).toMatch(/6 passed/)
  })
} else describe.skipIf(unable !== null)(`limits of local servers${reason}`, limits)

function limits(): void {
  let stateDir: string
  let installation: string
  let opened: Opened
  let template: LaunchRequest['template']
  const warnings: string[] = []
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'tidegate-limits-'))
    installation = `test-${process.pid}-${sequence++}`
    warnings.length = 0
  })
  afterEach(async () => {
    const ids = (await listed()).map(({ id }) => id)
    await opened.fleet!.retire(ids, never())
    await until(async () => (await listed()).length === 0)
    await opened[Symbol.asyncDispose]()
    rmSync(stateDir, { recursive: true })
    expect(groups()).toEqual([])
    expect(warnings).toEqual([])
  })

  async function open(script: string, limits: Readonly<Record<string, unknown>>): Promise<void> {
    const log = { info() {}, warn: (text: string) => void warnings.push(text), error() {} }
    const host: Host = { clock: systemClock(), rng: Math.random, log, installation, stateDir }
    const parsed = parseLocal({ command: ['node', '-e', script], 'stop-timeout': '1s', ...limits }, stateDir)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    opened = await local.open(parsed.config, { fleet: 'api', startupMs: 60_000 }, host)
    template = templateOf(parsed.config)
  }

  async function launch(): Promise<string> {
    const token = `${installation}.api.${sequence++}`
    const request = { token, fleet: 'api', count: 1, revision: 'r1', template }
    return (await opened.fleet!.launch(request, never())).ids[0]!
  }

  const listed = async () => (await opened.fleet!.list(never())).servers
  const groups = () => systemGroups.groups(`${owned()}`).filter((name) => name.startsWith(installation))
  const read = (id: string) =>
    opened.metrics!.read(
      (['cpu', 'memory'] as const).map((metric) => ({ metric, fleet: 'api', pools: [], servers: [id] })),
      5000,
      never(),
    )

  test('are in force before the command runs, and known to it', async () => {
    await open(
      `console.log(require('node:fs').readFileSync('/proc/self/cgroup', 'utf8'), process.env.TIDEGATE_CPUS, process.env.TIDEGATE_MEMORY_BYTES); ${WAITS}`,
      {
        cpus: 0.5,
        memory: '200MiB',
      },
    )
    const id = await launch()
    const log = join(stateDir, 'logs', 'api', `${id}.log`)
    await until(() => readFileSync(log, 'utf8').includes('\n'))
    expect(readFileSync(log, 'utf8')).toContain(`/tidegate/${installation}.api.${id}\n 0.5 209715200`)
    expect((await listed())[0]).toMatchObject({ id, phase: 'running' })
    const group = `${owned()}/${installation}.api.${id}`
    const limit = (file: string) => systemGroups.read(`${group}/${file}`)?.trim()
    expect([limit('cpu.max'), limit('memory.max')]).toEqual(['50000 100000', '209715200'])
  })

  test('of memory end a server that wants more, and say so', async () => {
    await open(GROWS, { memory: '100MiB' })
    const id = await launch()
    await until(async () => (await listed())[0]?.phase === 'failed')
    expect(await listed()).toMatchObject([
      {
        id,
        detail: expect.stringMatching(/^out of memory: killed by the kernel at its limit of 100MiB; /),
        ending: { signal: 'SIGKILL', outOfMemory: true },
      },
    ])
  })

  test('of memory are known of a server that was killed while no controller looked', async () => {
    await open(`setTimeout(() => { ${GROWS} }, 1500)`, { memory: '100MiB' })
    const id = await launch()
    await opened[Symbol.asyncDispose]()
    await open(GROWS, { memory: '100MiB' })
    expect(await listed()).toMatchObject([{ id, phase: 'running' }])
    await until(async () => (await listed())[0]?.phase !== 'running')
    // No child of this controller's: nobody but its group can tell.
    expect(await listed()).toMatchObject([{ id, phase: 'failed', ending: { outOfMemory: true } }])
  })

  test('give memory its data, and cpu its share of them', async () => {
    await open(HOLDS, { memory: '200MiB' })
    const holder = await launch()
    await until(async () => {
      const [, memory] = await read(holder)
      return memory?.ok === true && memory.sample.value > 0.25 && memory.sample.value < 0.9
    })
    await opened.fleet!.retire([holder], never())
    await until(async () => (await listed()).length === 0)
    await opened[Symbol.asyncDispose]()
    await open(BURNS, { cpus: 0.2 })
    const burner = await launch()
    await until(async () => (await read(burner))[0]?.ok === true)
    // Held back in twenty periods of 100 ms; a shorter look could see only the part of a period in which it runs.
    const stat = `${owned()}/${installation}.api.${burner}/cpu.stat`
    await until(() => Number(/^nr_throttled (\d+)/m.exec(systemGroups.read(stat) ?? '')?.[1]) > 20)
    const [cpu, memory] = await read(burner)
    // All of its limit, not a whole core, which would be five times that.
    expect(cpu?.ok === true && cpu.sample.value).toBeGreaterThan(0.1)
    expect(cpu?.ok === true && cpu.sample.value).toBeLessThan(2)
    expect(memory).toMatchObject({ ok: false, why: 'no-data' })
  })

  test('show in status and metrics what became of a server', async () => {
    await open(WAITS, {})
    await using tidegate = new Tidegate(`
gateway: { workers: 1 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { fleet: api } }
fleets:
  api: { driver: local, command: [node, -e, ${JSON.stringify(GROWS)}], memory: 100MiB, min: 1, max: 1 }
`)
    tidegate.start()
    await tidegate.until('a server to run out of memory', async () => {
      const exits = (await tidegate.fleet())?.exits ?? []
      return exits.some(({ reason }) => reason === 'out-of-memory')
    })
    const status = await tidegate.cli('status', '--config', tidegate.file)
    expect(status.stdout).toMatch(/api: ended by themselves: \d+ out-of-memory/)
    const api = localApi(tidegate.stateDir)!
    const page = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${api.token}` } })
    expect(await page.text()).toMatch(/tidegate_fleet_exits_total\{fleet="api",reason="out-of-memory"\} \d/)
  })

  test('do not hide that there is no such program', async () => {
    await open(WAITS, { cpus: 1 })
    template = { ...(template as object), command: ['no-such-program'] }
    await expect(launch()).rejects.toMatchObject({
      code: 'fleet.launch-failed',
      message: expect.stringContaining('no-such-program'),
    })
  })
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1500; round++) {
    if (await done()) return
    await sleep(20)
  }
  throw new Error('not in time')
}
