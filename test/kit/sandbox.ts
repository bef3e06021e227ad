import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const BIN = join(resolve(import.meta.dirname, '../..'), 'bin/tidegate.js')

/** `tidegate sandbox` as a process of its own. */
export class Sandbox implements AsyncDisposable {
  readonly endpoint: string
  readonly vswitches: readonly string[]
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, announced: Pick<Sandbox, 'endpoint' | 'vswitches'>) {
    this.#child = child
    this.endpoint = announced.endpoint
    this.vswitches = announced.vswitches
  }

  static async start(): Promise<Sandbox> {
    const words = [BIN, 'sandbox', '--port', '0', '--json']
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
    return new Sandbox(child, JSON.parse(line) as Pick<Sandbox, 'endpoint' | 'vswitches'>)
  }

  /** What it says of itself. */
  async about(path: string): Promise<never> {
    return (await (await fetch(`${this.endpoint}/sandbox/${path}`)).json()) as never
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
  }
}
