import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../bin/tidegate.js')
/** Ends a hang; nothing is measured by it. */
const HANG_MS = 20_000

/** Why no test can have a terminal here; null when it can. `script` is part of Debian's bsdutils. */
export const noTerminal: string | null =
  spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0 ? null : 'script of util-linux is missing'

/** The command line of a tidegate. */
export function tidegateWords(...args: readonly string[]): readonly string[] {
  return [process.execPath, PROGRAM, ...args]
}

/** A program on a terminal of its own, of this size. */
export class Terminal implements AsyncDisposable {
  /** All that it has written, with every escape sequence. */
  output = ''
  readonly #script: ChildProcess
  readonly #ended: Promise<unknown[]>

  constructor(
    words: readonly string[],
    {
      cwd,
      rows = 24,
      columns = 100,
      env = {},
    }: { cwd: string; rows?: number; columns?: number; env?: Record<string, string> },
  ) {
    const command = words.map((word) => `'${word}'`).join(' ')
    const line = `stty rows ${rows} columns ${columns}; exec ${command}`
    this.#script = spawn('script', ['-qefc', line, '/dev/null'], {
      cwd,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', ...env },
    })
    this.#script.stdout?.on('data', (chunk) => (this.output += chunk))
    this.#script.stdin?.on('error', () => {})
    this.#ended = once(this.#script, 'close')
  }

  type(text: string): void {
    this.#script.stdin?.write(text)
  }

  /** Waits until something has been written that was not there before `from`. */
  async shows(text: string | RegExp, from = 0): Promise<void> {
    const found = () => {
      const rest = this.output.slice(from)
      return typeof text === 'string' ? rest.includes(text) : text.test(rest)
    }
    const endAt = Date.now() + HANG_MS
    while (!found()) {
      if (Date.now() > endAt) throw new Error(`waited in vain for ${text}:\n${JSON.stringify(this.output)}`)
      await new Promise((done) => setTimeout(done, 30))
    }
  }

  /** The exit code of the program. */
  async code(): Promise<unknown> {
    const [code] = await this.#ended
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#script.kill('SIGKILL')
    await this.#ended
  }
}
