import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { statePaths } from '../../src/app/paths.ts'
import { type ProcessMark, readNote } from '../../src/app/processes.ts'
import { localApi } from '../../src/app/terminal.ts'
import type { FleetStatus, PoolStatus } from '../../src/core/admin.ts'
import type { GatewayStatus } from '../../src/core/control.ts'
import { controlPathFor } from '../../src/drivers/gateway/path.ts'

const ROOT = resolve(import.meta.dirname, '../..')
export const EXAMPLES = join(ROOT, 'examples')
export const EXAMPLE_SERVER = join(EXAMPLES, 'server.ts')
const BIN = join(ROOT, 'bin/tidegate.js')
/** Ends a hang; nothing is measured by it. */
const HANG_MS = 60_000

/** A whole Tidegate in a temporary folder: real supervisor, gateway, controller, servers. */
export class Tidegate implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidegate-e2e-'))
  readonly stateDir = join(this.folder, 'state')
  readonly file = join(this.folder, 'tidegate.yaml')
  readonly installation = `t${process.pid}-${Math.random().toString(36).slice(2, 8)}`
  #up: ChildProcess | null = null
  #output = ''

  /** `admin` are further keys of its section. */
  constructor(yaml: string, admin = '') {
    this.write(yaml, admin)
  }

  /** Writes the file anew; `name`, `state` and a free admin port are added. */
  write(yaml: string, admin = ''): void {
    const head = `name: ${this.installation}\nstate: ./state\nadmin: { bind: "127.0.0.1:0"${admin} }\n`
    writeFileSync(this.file, head + yaml)
  }

  get output(): string {
    return this.#output
  }

  /** Starts the supervisor; `ready` waits for traffic to be possible. */
  start(command: 'up' | 'gateway' = 'up'): ChildProcess {
    const child = spawn(process.execPath, [BIN, command, this.file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    child.stdout.on('data', (chunk) => (this.#output += chunk))
    child.stderr.on('data', (chunk) => (this.#output += chunk))
    this.#up = child
    return child
  }

  get supervisor(): ProcessMark | null {
    return readNote(statePaths(this.stateDir).supervisor)
  }
  get controller(): ProcessMark | null {
    return readNote(statePaths(this.stateDir).controller)
  }
  get gateway(): ProcessMark | null {
    return readNote(statePaths(this.stateDir).gateway)
  }

  async url(listener = 'web'): Promise<string> {
    const status = await this.until('the gateway to listen', async () => {
      const seen = await this.#control()
      return seen?.specHash && seen.bound[listener] ? seen : null
    })
    return `http://127.0.0.1:${status.bound[listener]!.port}/`
  }

  async #control(): Promise<GatewayStatus | null> {
    return new Promise((done) => {
      const req = request({ socketPath: controlPathFor(this.stateDir), path: '/status' }, async (res) => {
        let text = ''
        for await (const chunk of res) text += chunk
        done(res.statusCode === 200 ? (JSON.parse(text) as GatewayStatus) : null)
      })
      req.on('error', () => done(null))
      req.end()
    })
  }

  gatewayStatus(): Promise<GatewayStatus | null> {
    return this.#control()
  }

  /** GET of the admin API; null while it does not answer. */
  async get<T>(path: string): Promise<T | null> {
    const api = localApi(this.stateDir)
    if (!api) return null
    const headers = { accept: 'application/json', authorization: `Bearer ${api.token}` }
    const answer = await fetch(`${api.url}/api/v1${path}`, { headers }).catch(() => null)
    return answer?.ok ? ((await answer.json().catch(() => null)) as T | null) : null
  }

  fleet(name = 'api'): Promise<FleetStatus | null> {
    return this.get<FleetStatus>(`/fleets/${name}`)
  }

  pool(name = 'api'): Promise<PoolStatus | null> {
    return this.get<PoolStatus>(`/pools/${name}`)
  }

  /** Looks again and again until `look` gives something; fails with the program's own output when it never does. */
  async until<T>(
    what: string,
    look: () => Promise<T | null | false | undefined> | T | null | false | undefined,
    hangMs = HANG_MS,
  ): Promise<T> {
    const endAt = Date.now() + hangMs
    while (Date.now() < endAt) {
      const seen = await look()
      if (seen !== null && seen !== false && seen !== undefined) return seen
      await new Promise((done) => setTimeout(done, 50))
    }
    throw new Error(
      `waited in vain for ${what}\n${this.#output.slice(-3000)}\n${this.log('controller').slice(-3000)}`,
    )
  }

  /** Waits for the process that takes the place of the old one. */
  successor(part: 'supervisor' | 'controller' | 'gateway', old: ProcessMark): Promise<ProcessMark> {
    return this.until(`a new ${part}`, () => {
      const now = this[part]
      return now?.pid === old.pid ? null : now
    })
  }

  /** Waits until exactly so many servers serve and no others are there. */
  serving(count: number): Promise<FleetStatus> {
    return this.until(`${count} serving servers`, async () => {
      const fleet = await this.fleet()
      return fleet && fleet.ready === count && fleet.servers.length === count ? fleet : null
    })
  }

  /** Waits until every member of the pool has passed its checks: before that, who connects is refused. */
  async healthy(pool = 'api'): Promise<void> {
    await this.until(`healthy members of ${pool}`, async () =>
      (await this.pool(pool))?.members.every(({ state }) => state === 'healthy'),
    )
  }

  log(name: 'controller' | 'gateway'): string {
    try {
      return readFileSync(join(this.stateDir, 'logs', `${name}.log`), 'utf8')
    } catch {
      return ''
    }
  }

  /** Runs a command of the CLI against this file. */
  async cli(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [BIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    const code = await new Promise<number | null>((done) => child.once('close', done))
    return { code, stdout, stderr }
  }

  /** Pids of every process that carries this installation's name: its servers. */
  serverPids(): number[] {
    return processesWith(`TIDEGATE_INSTALLATION=${this.installation}`)
  }

  /** Stops everything as `down` does, checks that nothing is left behind, and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.cli('down', '--config', this.file)
    for (const mark of [this.controller, this.gateway, this.supervisor])
      if (mark) process.kill(mark.pid, 'SIGKILL')
    for (const pid of this.serverPids()) process.kill(pid, 'SIGKILL')
    this.#up?.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Pids of every process that was started with this in its environment. */
export function processesWith(variable: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable)
      } catch {
        return false
      }
    })
}
