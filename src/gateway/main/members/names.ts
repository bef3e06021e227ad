import { lookup, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type BalancerSpec, type MemberSpec, parseAddress } from '../../../core/balancer.ts'
import { messageOf } from '../../../core/fault.ts'
import type { Logger, Millis } from '../../../core/time.ts'

/** How long an answer is believed that does not say it itself: of /etc/hosts, say. */
const UNSAID_TTL_MS: Millis = 30_000
const LEAST_TTL_MS: Millis = 1_000
const MOST_TTL_MS: Millis = 300_000
/** After a failure, and at most so long for the first answers. */
const AGAIN_MS: Millis = 5_000
const FIRST_MS: Millis = 3_000
/** More addresses of one name than this are left out. */
const MOST_ADDRESSES = 256

interface Known {
  readonly addresses: readonly string[]
  readonly ttlMs: Millis
}

interface Name {
  readonly host: string
  addresses: readonly string[]
  failing: boolean
  asking: Promise<void> | null
  timer: NodeJS.Timeout | null
}

export interface NamesOptions {
  readonly log: Logger
  /** The addresses of a name have changed. */
  readonly onChange: () => void
}

/** Servers named by DNS: asked again when the answer's time is over; while nobody answers, the last answer stays. */
export class Names {
  readonly #options: NamesOptions
  readonly #names = new Map<string, Name>()
  #resolver: Resolver | null = null
  #closed = false

  constructor(options: NamesOptions) {
    this.#options = options
  }

  /** From now on the names of this specification. Resolves when each has been asked for once, or after some seconds. */
  async follow(spec: BalancerSpec): Promise<void> {
    this.#use(spec.resolvers ?? [])
    const wanted = new Set(
      spec.pools.flatMap(({ servers }) => servers.flatMap((server) => nameOf(server) ?? [])),
    )
    for (const [host, name] of this.#names) if (!wanted.has(host)) this.#forget(host, name)
    const asked = [...wanted].map((host) => {
      const name = this.#names.get(host) ?? { host, addresses: [], failing: false, asking: null, timer: null }
      this.#names.set(host, name)
      return name.addresses.length > 0 ? null : this.#ask(name)
    })
    await Promise.race([Promise.all(asked), new Promise((done) => setTimeout(done, FIRST_MS).unref())])
  }

  /** What was known before a restart, until the names have been asked for. */
  remember(saved: Readonly<Record<string, readonly string[]>>): void {
    for (const [host, addresses] of Object.entries(saved)) {
      const name: Name = { host, addresses, failing: false, asking: null, timer: null }
      this.#names.set(host, name)
      this.#later(name, 0)
    }
  }

  known(): Record<string, readonly string[]> {
    return Object.fromEntries([...this.#names.values()].map(({ host, addresses }) => [host, addresses]))
  }

  /** The servers behind one that the file names: itself, or one for each address of its name. */
  serversOf(server: MemberSpec): readonly NamedServer[] {
    const host = nameOf(server)
    if (host === null) return [server]
    const { port } = parseAddress(server.address)!
    return (this.#names.get(host)?.addresses ?? []).map((address) => ({
      id: `${server.id}@${address}`,
      address: isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`,
      weight: server.weight,
      name: host,
    }))
  }

  close(): void {
    this.#closed = true
    for (const [host, name] of this.#names) this.#forget(host, name)
    this.#resolver?.cancel()
  }

  #use(servers: readonly string[]): void {
    if (servers.length === 0) this.#resolver = null
    else {
      this.#resolver = new Resolver({ timeout: 2_000, tries: 2 })
      this.#resolver.setServers(servers)
    }
  }

  #forget(host: string, name: Name): void {
    if (name.timer) clearTimeout(name.timer)
    this.#names.delete(host)
  }

  #later(name: Name, ms: Millis): void {
    if (this.#closed || this.#names.get(name.host) !== name) return
    if (name.timer) clearTimeout(name.timer)
    name.timer = setTimeout(() => void this.#ask(name), ms)
    name.timer.unref()
  }

  #ask(name: Name): Promise<void> {
    name.asking ??= this.#renew(name).finally(() => {
      name.asking = null
    })
    return name.asking
  }

  async #renew(name: Name): Promise<void> {
    const { log, onChange } = this.#options
    try {
      const { addresses, ttlMs } = await this.#resolve(name.host)
      if (name.failing) log.info(`${name.host} is known again`)
      name.failing = false
      const changed = addresses.join() !== name.addresses.join()
      name.addresses = addresses
      this.#later(name, Math.min(MOST_TTL_MS, Math.max(LEAST_TTL_MS, ttlMs)))
      if (changed && !this.#closed) onChange()
    } catch (error) {
      const kept = name.addresses.length > 0 ? 'its last addresses stay' : 'it has no servers until it is'
      if (!name.failing) log.warn(`${name.host} cannot be resolved, ${kept}: ${messageOf(error)}`)
      name.failing = true
      this.#later(name, AGAIN_MS)
    }
  }

  /** Own resolvers are asked for both families; without them the system is, which knows /etc/hosts and tells no time. */
  async #resolve(host: string): Promise<Known> {
    const resolver = this.#resolver
    if (resolver === null) {
      const found = await lookup(host, { all: true })
      return { addresses: sorted(found.map(({ address }) => address)), ttlMs: UNSAID_TTL_MS }
    }
    const [four, six] = await Promise.allSettled([
      resolver.resolve4(host, { ttl: true }),
      resolver.resolve6(host, { ttl: true }),
    ])
    const records = [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (records.length === 0) throw four.status === 'rejected' ? four.reason : new Error('it has no address')
    return {
      addresses: sorted(records.map(({ address }) => address)),
      ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
    }
  }
}

/** A server, and the name that its address was found by. */
export interface NamedServer extends MemberSpec {
  readonly name?: string
}

/** Null = its address says where it is. */
function nameOf({ address }: MemberSpec): string | null {
  const host = parseAddress(address)?.host ?? ''
  return host === '' || isIP(host) !== 0 ? null : host
}

function sorted(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)].sort().slice(0, MOST_ADDRESSES)
}
