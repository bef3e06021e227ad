import { type ChildProcess, spawn } from 'node:child_process'
import { EXAMPLE_SERVER } from '../../test/kit/tidegate.ts'
import { freePort, stopProcess, untilAnswers } from './processes.ts'

/** Servers whose capacity is known, each a process of its own, without anybody who looks after them. */
export class SlotServers implements AsyncDisposable {
  readonly ports: readonly number[]
  readonly #processes: readonly ChildProcess[]

  private constructor(ports: readonly number[], processes: readonly ChildProcess[]) {
    this.ports = ports
    this.#processes = processes
  }

  /** `flags` of `examples/server.ts`. */
  static async start(count: number, flags: readonly string[]): Promise<SlotServers> {
    const ports: number[] = []
    for (let server = 0; server < count; server++) ports.push(await freePort())
    const processes = ports.map((port) => {
      const env = { ...process.env, PORT: String(port), TIDEGATE_SERVER_ID: `server-${port}` }
      return spawn(process.execPath, [EXAMPLE_SERVER, ...flags], { env, stdio: 'ignore' })
    })
    const servers = new SlotServers(ports, processes)
    await Promise.all(ports.map((port) => untilAnswers(`http://127.0.0.1:${port}/health`)))
    return servers
  }

  kill(server: number): void {
    this.#processes[server]!.kill('SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map(stopProcess))
  }
}
