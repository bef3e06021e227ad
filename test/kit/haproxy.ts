import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, freePort, stopProcess } from '../../bench/kit/processes.ts'

export function whyNoHaproxy(): string | null {
  return findProgram('haproxy') ? null : 'needs haproxy'
}

/** A real HAProxy, of sections whose `PORT` is one of its own, on loopback. */
export class Haproxy implements AsyncDisposable {
  readonly port: number
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(port: number, sections: string) {
    this.port = port
    this.#folder = mkdtempSync(join(tmpdir(), 'tidegate-haproxy-'))
    const file = join(this.#folder, 'haproxy.cfg')
    writeFileSync(file, `${DEFAULTS}${sections.replaceAll('PORT', `${port}`)}`)
    this.#child = spawn(findProgram('haproxy')!, ['-db', '-f', file], { stdio: 'ignore' })
  }

  static async start(sections: string): Promise<Haproxy> {
    return new Haproxy(await freePort(), sections)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopProcess(this.#child)
    rmSync(this.#folder, { recursive: true })
  }
}

const DEFAULTS = `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
`
