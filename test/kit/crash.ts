import type { FleetPorts } from '../../src/controller/ports.ts'

/** Not a Fault: the process is gone. */
class Crash extends Error {
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
])

/** Counts the moments before and after each write through a port, and ends the controller at one of them. */
export class CrashGate {
  boundaries = 0
  readonly #at: number
  readonly #onCrash: () => void
  #dead = false

  constructor(at: number, onCrash: () => void) {
    this.#at = at
    this.#onCrash = onCrash
  }

  wrap(ports: FleetPorts): FleetPorts {
    const balancerMetrics = this.#around(ports.metrics('balancer')!)
    return {
      ...ports,
      fleet: this.#around(ports.fleet),
      balancer: this.#around(ports.balancer),
      store: this.#around(ports.store),
      metrics: (from) => (from === 'balancer' ? balancerMetrics : null),
    }
  }

  #around<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, key) => {
        const verb = Reflect.get(target, key) as unknown
        if (typeof verb !== 'function') return verb
        return (...parts: unknown[]) => this.#call(String(key), () => verb.apply(target, parts))
      },
    })
  }

  async #call(name: string, verb: () => Promise<unknown>): Promise<unknown> {
    this.#pass(name)
    const answer = await verb()
    this.#pass(name)
    return answer
  }

  /** A dead controller reaches nothing any more, and learns of no answer. */
  #pass(verb: string): void {
    if (!this.#dead && WRITES.has(verb) && ++this.boundaries === this.#at) {
      this.#dead = true
      this.#onCrash()
    }
    if (this.#dead) throw new Crash('killed here')
  }
}
