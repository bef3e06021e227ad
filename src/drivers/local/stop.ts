import { platformOf } from '../../core/platform.ts'
import type { Clock, Millis } from '../../core/time.ts'
import type { Files } from './files.ts'
import { killRemains, sendSignal } from './identity.ts'
import { isAlive, type LocalServer, type Roster } from './roster.ts'

const LOOK_EVERY_MS = 50
const GROUPS = platformOf(process.platform).signals

/** Stops servers one beside the other. Closing leaves them to their SIGTERM; whoever opens the fleet next finds the
 *  marks and goes on, with a new deadline. */
export class Stopper implements Disposable {
  readonly #stops = new Set<string>()
  readonly #closing = new AbortController()
  readonly #roster: Roster
  readonly #files: Files
  readonly #clock: Clock
  readonly #timeoutMs: Millis

  constructor(roster: Roster, files: Files, clock: Clock, timeoutMs: Millis) {
    this.#roster = roster
    this.#files = files
    this.#clock = clock
    this.#timeoutMs = timeoutMs
  }

  /** SIGTERM is sent when this returns; the rest happens by itself. Once is enough. */
  stop(server: LocalServer): void {
    if (this.#stops.has(server.id)) return
    this.#stops.add(server.id)
    this.#files.markStopping(server.id)
    server.stopping = true
    signalGroup(server, 'SIGTERM')
    // It only ever rejects when we close.
    this.#finish(server).catch(() => {})
  }

  [Symbol.dispose](): void {
    this.#closing.abort()
  }

  async #finish(server: LocalServer): Promise<void> {
    const deadline = this.#clock.now() + this.#timeoutMs
    while (isAlive(server)) {
      if (this.#clock.now() >= deadline) signalGroup(server, 'SIGKILL')
      await this.#clock.sleep(LOOK_EVERY_MS, this.#closing.signal)
    }
    this.clear(server)
    this.#stops.delete(server.id)
  }

  /** The server has ended: nothing of it may stay. */
  clear(server: LocalServer): void {
    if (server.startTicks !== null) killRemains(server)
    this.#roster.forget(server.id)
    this.#files.unmark(server.id)
  }
}

/** Only while its leader lives, or the number could be another group's. */
function signalGroup(server: LocalServer, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (isAlive(server)) sendSignal(GROUPS ? -server.pid : server.pid, signal)
}
