import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Millis } from '../../src/core/time.ts'
import type { HttpAnswer } from '../../src/drivers/alicloud/client/answer.ts'
import type { HttpRequest } from '../../src/drivers/alicloud/client/transport.ts'
import { type CloudAnswer, type CloudCall, type CloudSize, receive, send } from './pipe.ts'

/** A sandbox in another process that lives on the caller's virtual time: every call waits for its answer, as if it took no time. */
export class RemoteCloud {
  readonly #process: ChildProcess
  readonly #calls: number
  readonly #answers: number

  private constructor(process: ChildProcess, calls: number, answers: number) {
    this.#process = process
    this.#calls = calls
    this.#answers = answers
  }

  /** `folder` takes its pipes. */
  static start(folder: string, fleets: readonly string[], servers: number): RemoteCloud {
    const pipes = ['calls', 'answers'].map((name) => join(folder, name))
    execFileSync('mkfifo', pipes)
    const program = resolve(import.meta.dirname, 'cloud-process.ts')
    const args = [program, ...pipes, JSON.stringify(fleets), String(servers)]
    const process = spawn(globalThis.process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    // Each waits until the other side has opened it too.
    const [calls, answers] = [openSync(pipes[0]!, 'w'), openSync(pipes[1]!, 'r')]
    return new RemoteCloud(process, calls, answers)
  }

  send(request: HttpRequest, now: Millis): HttpAnswer {
    return this.#ask<HttpAnswer>({ now, request })
  }

  /** What has become due by then, happens. */
  settle(now: Millis): CloudSize {
    return this.#ask<CloudSize>({ now, request: null })
  }

  async close(): Promise<void> {
    const gone = once(this.#process, 'exit')
    closeSync(this.#calls)
    await gone
    closeSync(this.#answers)
  }

  #ask<T extends CloudAnswer>(call: CloudCall): T {
    send(this.#calls, call)
    const answer = receive<T>(this.#answers)
    if (answer === null) throw new Error('the sandbox has ended')
    return answer
  }
}
