import type { BalancerSpec } from '../../../core/balancer.ts'
import { canonical } from '../../../core/canonical.ts'
import { Fault } from '../../../core/fault.ts'
import type { Logger, Millis } from '../../../core/time.ts'
import { readAffinityKey } from './affinity-key.ts'
import { KeyWatch, lookAt } from './key-watch.ts'
import { type Keychain, keyFiles, readKeychain } from './keychain.ts'
import { readTicketKeys } from './ticket-keys.ts'

/** How often the age of the ticket keys is looked at. */
const ROTATE_MS: Millis = 60 * 60 * 1000

export interface KeysOptions {
  readonly stateDir: string
  readonly log: Logger
  /** The files of the specification in force have changed, or the ticket keys may be old: `reread` has them. */
  readonly onChange: () => Promise<void>
}

/** The files of TLS: read when they are named, and again when they change. */
export class Keys {
  readonly #options: KeysOptions
  readonly #watch: KeyWatch
  /** How the files were before they were last read: a change after that is not missed. */
  #seen = ''
  #rotation: NodeJS.Timeout | null = null
  /** The log's last word is that something cannot be read. */
  #isBroken = false

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
    const { log } = this.#options
    if (problems.length === 0) {
      if (this.#isBroken) log.info('all certificates can be read again')
      this.#isBroken = false
      return keychain
    }
    this.#isBroken = true
    for (const { of, message } of problems) log.error(`${of}: ${message}; ${meanwhile(of, before)}`)
    const old = (names: readonly { readonly name: string }[]) => new Set(names.map(({ name }) => name))
    const [listeners, pools] = [old(spec.listeners), old(spec.pools)]
    return {
      listeners: { ...kept(before.listeners, listeners), ...keychain.listeners },
      pools: { ...kept(before.pools, pools), ...keychain.pools },
      certificates: [
        ...keychain.certificates,
        ...before.certificates.filter(({ listener }) => !(listener in keychain.listeners)),
      ],
      affinity: keychain.affinity,
    }
  }

  /** From now on these files are looked at, which have just been read. */
  follow(spec: BalancerSpec): void {
    const files = keyFiles(spec)
    this.close()
    this.#watch.follow(files, this.#seen)
    if (files.length > 0) this.#rotation = setInterval(() => void this.#options.onChange(), ROTATE_MS)
  }

  close(): void {
    this.#watch.close()
    if (this.#rotation) clearInterval(this.#rotation)
    this.#rotation = null
  }

  async #read(spec: BalancerSpec): ReturnType<typeof readKeychain> {
    const files = keyFiles(spec)
    this.#seen = await lookAt(files)
    const { stateDir } = this.#options
    const isPlain = files.length === 0 && !spec.listeners.some(({ tls }) => tls)
    const read = await readKeychain(spec, isPlain ? '' : await readTicketKeys(stateDir))
    if (!spec.pools.some(({ affinity }) => affinity?.secret === null)) return read
    return { ...read, keychain: { ...read.keychain, affinity: await readAffinityKey(stateDir) } }
  }
}

/** What becomes of `listener web` or `pool api` until its files are in order. */
function meanwhile(of: string, before: Keychain): string {
  const [kind, name] = of.split(' ') as ['listener' | 'pool', string]
  const had = kind === 'listener' ? before.listeners : before.pools
  return Object.hasOwn(had, name)
    ? 'it goes on with the certificate of before'
    : 'it does not serve until that is mended'
}

function kept<T>(of: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.has(name)))
}

/** Do they hold the same keys? */
export function isSame(one: Keychain, other: Keychain): boolean {
  const ids = ({ listeners, pools }: Keychain) =>
    [listeners, pools].map((of) => Object.entries(of).map(([name, { id }]) => `${name} ${id}`))
  return canonical(ids(one)) === canonical(ids(other))
}
