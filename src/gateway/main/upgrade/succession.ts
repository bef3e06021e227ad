import { Fault, messageOf } from '../../../core/fault.ts'
import type { Millis } from '../../../core/time.ts'
import type { Control } from '../control/control-server.ts'
import type { GatewayOptions } from '../options.ts'
import type { Workers } from '../workers.ts'
import type { Successor } from './hand-over.ts'

/** A successor that is not ready by then is given up. */
const READY_MS: Millis = 25_000
/** All that it has to do then is to open sockets. */
const TAKEN_MS: Millis = 10_000

export const STOPPING = new Fault('balancer.unreachable', 'the gateway is stopping', {
  source: 'user',
  retry: 'yes',
})

/**
 * The way to a successor, one at a time: it is started, gets ready, is told to go, and has taken over. It takes no connection before it
 * is told to go, so whatever ends it until then costs nobody anything: this gateway goes on.
 */
export class Succession {
  readonly #options: GatewayOptions
  readonly #control: Control
  #candidate: Successor | null = null
  #isOver = false

  constructor(options: GatewayOptions, control: Control) {
    this.#options = options
    this.#control = control
  }

  /** Resolves with the process that has taken over: the control socket is its, and it accepts connections. This gateway answers elsewhere
   *  then, about what it still holds. Throws Fault: nothing has changed. */
  async giveWay(workers: Workers): Promise<number> {
    const { startSuccessor, controlPath, log } = this.#options
    if (!startSuccessor) {
      const message = 'this gateway cannot hand its sockets over: start it by `tidegate up`'
      throw new Fault('balancer.refused', message, { source: 'user', retry: 'no' })
    }
    const formerPath = `${controlPath}.${process.pid}`
    const sockets = await workers.descriptors()
    if (this.#isOver) throw STOPPING
    const successor = startSuccessor(sockets, formerPath)
    this.#candidate = successor
    try {
      await successor.ready(READY_MS)
      await this.#hand(successor, formerPath)
    } catch (error) {
      log.warn(`no upgrade: ${messageOf(error)}`, { pid: successor.pid })
      throw error
    } finally {
      this.#candidate = null
    }
    return successor.pid
  }

  /** This gateway stops, and with it whoever is on the way: nobody else would know of that one. */
  giveUp(): void {
    this.#isOver = true
    this.#candidate?.end()
  }

  async #hand(successor: Successor, formerPath: string): Promise<void> {
    const { controlPath, log } = this.#options
    log.info(`process ${successor.pid} takes this gateway's place`)
    await this.#control.moveTo(formerPath).catch((error) => {
      log.warn(`what this gateway still holds is not told: ${messageOf(error)}`)
    })
    try {
      await successor.go(TAKEN_MS)
    } catch (error) {
      await this.#control.moveTo(controlPath)
      throw error
    } finally {
      this.#control.settle()
    }
  }
}
