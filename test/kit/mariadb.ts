import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findProgram, freePort, stopProcess } from '../../bench/kit/processes.ts'

const run = promisify(execFile)
const HANG_MS = 60_000

export function whyNoMariadb(): string | null {
  const missing = ['mariadb', 'mariadbd', 'mariadb-install-db'].find((name) => findProgram(name) === null)
  return missing === undefined ? null : `needs ${missing}`
}

/** A real MariaDB on loopback, without users and without TLS. */
export class Mariadb implements AsyncDisposable {
  readonly port: number
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.port = port
    const where = [`--datadir=${join(folder, 'data')}`, `--socket=${join(folder, 'own.sock')}`]
    const how = ['--user=root', '--skip-grant-tables', '--innodb-buffer-pool-size=8M']
    const listens = ['--bind-address=127.0.0.1', `--port=${port}`]
    this.#child = spawn(findProgram('mariadbd')!, ['--no-defaults', ...where, ...how, ...listens], {
      stdio: 'ignore',
    })
  }

  static async start(): Promise<Mariadb> {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-mariadb-'))
    execFileSync(
      findProgram('mariadb-install-db')!,
      ['--no-defaults', '--user=root', '--skip-test-db', `--datadir=${join(folder, 'data')}`],
      { stdio: 'pipe' },
    )
    const mariadb = new Mariadb(folder, await freePort())
    const endAt = Date.now() + HANG_MS
    const itself = ['--protocol=tcp', '--host=127.0.0.1', `--port=${mariadb.port}`]
    while ((await query(itself, 'select 1').catch(() => '')) !== '1\n') {
      if (Date.now() > endAt) throw new Error('mariadbd does not start')
      await sleep(50)
    }
    return mariadb
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopProcess(this.#child)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** What its own client prints for these statements; `where` are its arguments to connect. */
export async function query(where: readonly string[], statements: string): Promise<string> {
  const args = ['--no-defaults', '--skip-ssl', '--user=root', '--batch', '--skip-column-names', ...where]
  const most = { maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await run(findProgram('mariadb')!, [...args, '--execute', statements], most)
  return stdout
}
