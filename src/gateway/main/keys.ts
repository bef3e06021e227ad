import type { BalancerSpec } from '../../core/balancer.ts'
import { Fault } from '../../core/fault.ts'
import type { Logger } from '../../core/time.ts'
import { KeyWatch } from './key-watch.ts'
import { type Keychain, keyFiles, readKeychain } from './keychain.ts'
import { readTicketKeys } from './ticket-keys.ts'

export interface KeysOptions {
  readonly stateDir: string
  readonly log: Logger
  /** The files of the specification in force have changed: `reread` has them. */
  readonly onChange: () => Promise<void>
}

/** The files of TLS: read when they are named, and again when they change. */
export class Keys {
  readonly #options: KeysOptions
  readonly #watch: KeyWatch

  constructor(options: KeysOptions) {
    this.#options = options
    this.#watch = new KeyWatch(options.onChange)
  }

  /** Throws Fault `balancer.refused` when a file is missing or wrong. */
  async read(spec: BalancerSpec): Promise<Keychain> {
    const { keychain, problems } = await this.#read(spec)
    const [problem] = problems
    if (problem === undefined) return keychain
    throw new Fault('balancer.refused', `${problem.of}: ${problem.message}`, { source: 'user', retry: 'yes' })
  }

  /** What can be read; of the rest, what was there before, and a line in the log. */
  async reread(spec: BalancerSpec, before: Keychain): Promise<Keychain> {
    const { keychain, problems } = await this.#read(spec)
    if (problems.length === 0) return keychain
    for (const { of, message } of problems) {
      this.#options.log.error(`${of}: ${message}; it goes on with the certificate of before`)
    }
    const old = (names: readonly { readonly name: string }[]) => new Set(names.map(({ name }) => name))
    const [listeners, pools] = [old(spec.listeners), old(spec.pools)]
    return {
      listeners: { ...kept(before.listeners, listeners), ...keychain.listeners },
      pools: { ...kept(before.pools, pools), ...keychain.pools },
      certificates: [
        ...keychain.certificates,
        ...before.certificates.filter(({ listener }) => !(listener in keychain.listeners)),
      ],
    }
  }

  /** From now on these files are looked at. */
  follow(spec: BalancerSpec | null): Promise<void> {
    return this.#watch.follow(keyFiles(spec))
  }

  close(): void {
    this.#watch.close()
  }

  async #read(spec: BalancerSpec): ReturnType<typeof readKeychain> {
    if (keyFiles(spec).length === 0 && !spec.listeners.some(({ tls }) => tls)) return readKeychain(spec, '')
    return readKeychain(spec, await readTicketKeys(this.#options.stateDir))
  }
}

function kept<T>(of: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.has(name)))
}
