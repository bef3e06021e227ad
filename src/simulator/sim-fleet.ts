import { Fault } from '../core/fault.ts'
import type { Fleet, LaunchReceipt, LaunchRequest, Listed, Server } from '../core/fleet.ts'
import type { Clock, Millis } from '../core/time.ts'

/** How an imaginary fleet behaves; all may be changed while it runs. */
export interface SimFleetNature {
  /** From the call to its answer. */
  launchMs: Millis
  /** From the start of a server until the list shows it. */
  listLagMs: Millis
  /** From launch to an address. */
  bootMs: Millis
  /** From the address to the first request that it could answer; null = never. */
  warmUpMs: Millis | null
  /** From retirement until it is gone. */
  stopMs: Millis
  /** From launch to an exit of its own; null = never. */
  exitsAfterMs: Millis | null
}

/** What befalls the next launch. `unknown`: the answer is lost, whether it worked or not. */
export type LaunchMishap =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'partial'; readonly count: number }
  | { readonly kind: 'unknown'; readonly launched: boolean }

interface Imaginary {
  readonly server: Omit<Server, 'phase' | 'address' | 'detail'>
  readonly address: string
  readonly upAt: Millis | null
  readonly runningAt: Millis
  /** When the list shows it at the latest: a lag that grows makes nobody disappear. */
  readonly shownAt: Millis
  retiredAt: Millis | null
  crashedAt: Millis | null
  parked: boolean
}

const NATURE: SimFleetNature = {
  launchMs: 0,
  listLagMs: 0,
  bootMs: 200,
  warmUpMs: 800,
  stopMs: 300,
  exitsAfterMs: null,
}
const FIRST_PORT = 20_000

/** A fleet of servers that exist only here. It outlives the controllers that use it. */
export class SimFleet implements Fleet {
  readonly freshForMs: Millis = 0
  keeps = 0
  readonly nature: SimFleetNature
  /** Taken one a launch. */
  readonly mishaps: LaunchMishap[] = []
  /** While set, the list cannot be read. */
  listFault: Fault | null = null
  /** Addresses of servers that run and answer no check. */
  readonly ill = new Set<string>()
  readonly confirmed = new Set<string>()
  /** Every server that ever was. */
  readonly everLaunched: string[] = []
  readonly #clock: Clock
  readonly #servers = new Map<string, Imaginary>()
  /** Ids of all that ever were, by their addresses. */
  readonly #ids = new Map<string, string>()
  readonly #receipts = new Map<string, Promise<LaunchReceipt>>()

  constructor(clock: Clock, nature: Partial<SimFleetNature> = {}) {
    this.#clock = clock
    this.nature = { ...NATURE, ...nature }
  }

  async list(): Promise<Listed> {
    if (this.listFault) throw this.listFault
    const at = this.#clock.now()
    for (const [id, one] of this.#servers) if (this.#isGone(one)) this.#servers.delete(id)
    const shown = [...this.#servers.values()].filter(
      ({ server, shownAt }) => at >= Math.min(shownAt, server.launchedAt + this.nature.listLagMs),
    )
    const kept = shown.filter(({ parked }) => parked).map(({ server }) => server)
    return { servers: shown.filter(({ parked }) => !parked).map((one) => this.#listed(one)), kept, at }
  }

  async launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt> {
    signal.throwIfAborted()
    const known = this.#receipts.get(request.token)
    if (known) return await known
    const mishap = this.mishaps.shift()
    if (mishap?.kind === 'refuse') throw failed('no room', 'no')
    if (mishap?.kind === 'unknown' && !mishap.launched) throw failed('the connection broke', 'unknown')
    const count = mishap?.kind === 'partial' ? mishap.count : request.count
    const receipt = this.#start(request, count, signal)
    this.#receipts.set(request.token, receipt)
    const answer = await receipt
    if (mishap?.kind === 'unknown') throw failed('the connection broke', 'unknown')
    return answer
  }

  async confirm(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.confirmed.add(id)
  }

  async retire(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const one = this.#servers.get(id)
      if (!one) continue
      if (this.#hasEnded(one)) this.#servers.delete(id)
      else one.retiredAt ??= this.#clock.now()
    }
  }

  async park(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const one = this.#servers.get(id)
      if (one) one.parked = true
    }
  }

  /** Would the server at this address answer a health check? */
  isUp(address: string): boolean {
    const one = this.#servers.get(this.#ids.get(address) ?? '')
    if (!one || one.parked || this.#hasEnded(one) || one.retiredAt !== null || this.ill.has(address))
      return false
    return one.upAt !== null && this.#clock.now() >= one.upAt
  }

  /** It ends by itself. */
  crash(id: string): void {
    const one = this.#servers.get(id)
    if (one) one.crashedAt = this.#clock.now()
  }

  async #start(request: LaunchRequest, count: number, signal: AbortSignal): Promise<LaunchReceipt> {
    const ids = Array.from({ length: count }, () => this.#wake(request) ?? this.#add(request))
    if (this.nature.launchMs > 0) await this.#clock.sleep(this.nature.launchMs, signal)
    const why = count < request.count ? { why: `only ${count} were to be had` } : {}
    return { token: request.token, ids, ...why }
  }

  /** One that is kept starts again; null = there is none. */
  #wake({ token, revision }: LaunchRequest): string | null {
    const found = [...this.#servers].find(([, one]) => one.parked && one.server.revision === revision)
    if (found === undefined) return null
    const [id, one] = found
    const launchedAt = this.#clock.now()
    const server = { ...one.server, token, launchedAt }
    this.#servers.set(id, { ...one, ...this.#boots(launchedAt), server, parked: false })
    return id
  }

  #boots(launchedAt: Millis): Pick<Imaginary, 'runningAt' | 'upAt' | 'shownAt'> {
    const { bootMs, warmUpMs, listLagMs } = this.nature
    const runningAt = launchedAt + bootMs
    const upAt = warmUpMs === null ? null : runningAt + warmUpMs
    return { runningAt, upAt, shownAt: launchedAt + listLagMs }
  }

  #add({ fleet, token, revision }: LaunchRequest): string {
    const { exitsAfterMs } = this.nature
    const number = this.everLaunched.length + 1
    const id = `${fleet}-${number}`
    const launchedAt = this.#clock.now()
    const address = `127.0.0.1:${FIRST_PORT + number}`
    this.#ids.set(address, id)
    this.#servers.set(id, {
      server: { id, token, revision, launchedAt },
      address,
      ...this.#boots(launchedAt),
      retiredAt: null,
      crashedAt: exitsAfterMs === null ? null : launchedAt + exitsAfterMs,
      parked: false,
    })
    this.everLaunched.push(id)
    return id
  }

  #listed(one: Imaginary): Server {
    const running = this.#clock.now() >= one.runningAt
    const base = { ...one.server, address: running ? one.address : null }
    if (one.retiredAt !== null) return { ...base, phase: 'retiring' }
    if (this.#hasEnded(one)) return { ...base, phase: 'failed', detail: 'exit code 1' }
    return { ...base, phase: running ? 'running' : 'launching' }
  }

  #hasEnded({ crashedAt }: Imaginary): boolean {
    return crashedAt !== null && this.#clock.now() >= crashedAt
  }

  #isGone({ retiredAt }: Imaginary): boolean {
    return retiredAt !== null && this.#clock.now() >= retiredAt + this.nature.stopMs
  }
}

function failed(message: string, retry: 'no' | 'unknown'): Fault {
  return new Fault('fleet.launch-failed', message, { source: 'vendor', retry })
}
