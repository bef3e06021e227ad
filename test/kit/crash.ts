import type { FleetPorts } from '../../src/controller/ports.ts'
import type { Transport } from '../../src/drivers/alicloud/client/transport.ts'

/** Not a Fault: the process is gone. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** Verbs that change something. A read changes nothing: being killed at one is being killed after the write before it. */
const WRITES = new Set([
  'intend',
  'commit',
  'event',
  'configure',
  'launch',
  'put',
  'confirm',
  'drop',
  'retire',
  'park',
])

/** Counts the moments before and after each write through a port, and ends the controller at one of them. */
export class CrashGate {
  boundaries = 0
  #at: number
  readonly #onCrash: () => void
  #dead = false

  constructor(at: number, onCrash: () => void) {
    this.#at = at
    this.#onCrash = onCrash
  }

  /** It ends when it has passed so many boundaries more. */
  crashIn(boundaries: number): void {
    this.#at = this.boundaries + boundaries
  }

  wrap(ports: FleetPorts): FleetPorts {
    return {
      ...ports,
      fleet: this.#around(ports.fleet),
      balancer: this.#around(ports.balancer),
      store: this.#around(ports.store),
      metrics: (from) => {
        const source = ports.metrics(from)
        return source && this.#around(source)
      },
    }
  }

  /** A network that ends with the controller: it is killed before a call leaves, or before the answer comes. */
  transport(network: Transport): Transport {
    return (request, signal) => {
      const isRead = request.headers['x-acs-action']?.startsWith('Describe') === true
      return this.#call(!isRead, () => network(request, signal))
    }
  }

  #around<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, key) => {
        const verb = Reflect.get(target, key) as unknown
        if (typeof verb !== 'function') return verb
        return (...parts: unknown[]) => this.#call(WRITES.has(String(key)), () => verb.apply(target, parts))
      },
    })
  }

  async #call<T>(isWrite: boolean, verb: () => Promise<T>): Promise<T> {
    this.#pass(isWrite)
    const answer = await verb()
    this.#pass(isWrite)
    return answer
  }

  /** A dead controller reaches nothing any more, and learns of no answer. */
  #pass(isWrite: boolean): void {
    if (!this.#dead && isWrite && ++this.boundaries === this.#at) {
      this.#dead = true
      this.#onCrash()
    }
    if (this.#dead) throw new Crash('killed here')
  }
}
