import { Fault, messageOf } from '../../../core/fault.ts'
import type { Logger, Millis } from '../../../core/time.ts'
import type { Controlled } from '../control/calls.ts'
import { type ControlServer, openControl } from '../control/control-server.ts'
import type { GatewayOptions } from '../options.ts'
import type { Workers } from '../workers.ts'
import type { Successor } from './hand-over.ts'

/** A successor that is not ready by then is given up. */
const READY_MS: Millis = 25_000
/** For the answer to who has asked for the upgrade. */
const ANSWER_MS: Millis = 100

export interface Prepared {
  readonly successor: Successor
  /** Where the gateway that gives way answers from then on. */
  readonly formerPath: string
}

export const STOPPING = new Fault('balancer.unreachable', 'the gateway is stopping', {
  source: 'user',
  retry: 'yes',
})

/** The way to a successor that serves, one at a time. */
export class Succession {
  readonly #options: GatewayOptions
  #candidate: Successor | null = null
  #isOver = false

  constructor(options: GatewayOptions) {
    this.#options = options
  }

  /** Starts a successor on the workers' sockets; resolves when it serves. Throws Fault: nothing has changed then. */
  async prepare(workers: Workers): Promise<Prepared> {
    const { startSuccessor, controlPath } = this.#options
    if (!startSuccessor) {
      const message = 'this gateway cannot hand its sockets over: start it by `tidegate up`'
      throw new Fault('balancer.refused', message, { source: 'user', retry: 'no' })
    }
    const formerPath = `${controlPath}.${process.pid}`
    const sockets = await workers.descriptors()
    if (this.#isOver) throw STOPPING
    const successor = startSuccessor(sockets, formerPath)
    this.#candidate = successor
    await successor.ready(READY_MS).finally(() => {
      this.#candidate = null
    })
    return { successor, formerPath }
  }

  /** This gateway stops, and with it whoever is getting ready: nobody else would know of that one. */
  giveUp(): void {
    this.#isOver = true
    this.#candidate?.end()
  }
}

/** The successor gets the control socket; the gateway that gives way answers elsewhere until its last connection has ended. */
export async function giveControl(
  { successor, formerPath }: Prepared,
  control: ControlServer | null,
  { gateway, log }: { readonly gateway: Controlled; readonly log: Logger },
): Promise<ControlServer | null> {
  log.info(`process ${successor.pid} takes this gateway's place`)
  await new Promise((done) => setTimeout(done, ANSWER_MS))
  await control?.close()
  const own = await openControl(formerPath, gateway, log).catch((error) => {
    log.warn(`what this gateway still holds is not told: ${messageOf(error)}`)
    return null
  })
  successor.go()
  return own
}
