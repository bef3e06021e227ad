import type { Bind } from '../../core/balancer.ts'
import type { Purge } from '../../core/cache.ts'
import { messageOf } from '../../core/fault.ts'
import { HTTP2 } from '../../core/http2.ts'
import { KEEP_ALIVE } from '../../core/keep-alive.ts'
import type { Snapshot, SnapshotListener } from '../../core/snapshot.ts'
import type { Millis, Rng } from '../../core/time.ts'
import type { ListenerTls } from '../../core/tls.ts'
import { RuleBook } from '../http/routing/compile.ts'
import { Trust } from '../http/trust.ts'
import type { LaneBuffers } from '../lanes.ts'
import { ContextCache } from '../tls/context-cache.ts'
import { TlsContexts } from '../tls/contexts.ts'
import { UdpListener } from '../udp/listener.ts'
import { Context } from './context.ts'
import { accept } from './listeners/accept.ts'
import type { Listener, ListenerView } from './listeners/listener.ts'
import { type Listening, listen } from './listeners/listening.ts'
import { State } from './state.ts'
import { TICK_MS } from './timer-wheel.ts'

interface OpenListener {
  readonly listener: Listener
  readonly protocol: SnapshotListener['protocol']
  readonly asked: Bind
  /** More than one when a former gateway with more workers has left them. */
  readonly listening: readonly Listening[]
  readonly rules: RuleBook
}

/** How this worker comes by its listening sockets. */
export interface Sockets {
  /** Other workers listen on the same ports. */
  readonly reusePort: boolean
  readonly inherited?: Readonly<Record<string, readonly number[]>>
}

export interface ListenFailure {
  readonly listener: string
  readonly message: string
}

/** One worker's traffic: listeners, connections, pools. Runs in whatever thread makes it. */
export class TrafficServer {
  readonly context: Context
  readonly #state: State
  readonly #open = new Map<string, OpenListener>()
  /** Listeners whose connections have not all ended. */
  readonly #closing = new Set<Listener>()
  readonly #ticker: NodeJS.Timeout
  readonly #reusePort: boolean
  /** Sockets that listen already, until their listener has taken them. */
  readonly #inherited: Map<string, readonly number[]>
  #drainAtMs = Number.POSITIVE_INFINITY
  readonly #tls = new ContextCache((keys: ListenerTls) => new TlsContexts(keys))

  constructor(buffers: LaneBuffers, index: number, rng: Rng, { reusePort, inherited = {} }: Sockets) {
    this.#reusePort = reusePort
    this.#inherited = new Map(Object.entries(inherited))
    this.context = new Context(buffers, index, performance.now())
    this.#state = new State(this.context, rng)
    this.#ticker = setInterval(() => this.context.tick(performance.now()), TICK_MS)
  }

  /** Addresses really bound, by listener name. */
  get bound(): Record<string, Bind> {
    return Object.fromEntries([...this.#open].map(([name, open]) => [name, open.listening[0]!.bound]))
  }

  /** Traffic flows by the snapshot when it resolves. A listener that cannot be opened is returned, the rest works. */
  async apply(snapshot: Snapshot): Promise<readonly ListenFailure[]> {
    this.#state.apply(snapshot)
    const wanted = new Map(snapshot.listeners.map((listener) => [listener.name, listener]))
    for (const [name, open] of this.#open) {
      const now = wanted.get(name)
      if (now === undefined || !isSame(open, now)) this.#retire(name, open)
    }
    const failures: ListenFailure[] = []
    for (const spec of snapshot.listeners) {
      const open = this.#open.get(spec.name)
      if (open !== undefined) Object.assign(open.listener, this.#viewOf(spec, open.rules))
      else
        await this.#openListener(spec).catch((error) =>
          failures.push({ listener: spec.name, message: messageOf(error) }),
        )
    }
    this.#tls.turn()
    return failures
  }

  /** No idle pooled connection to these servers is open when it returns. */
  closeIdle(serverSlots: readonly number[]): void {
    this.#state.closeIdle(serverSlots)
  }

  /** Gives how many addresses its caches have forgotten. */
  purge(what: Purge): number {
    let count = 0
    for (const { rules } of this.#open.values()) count += rules.purge(what)
    return count
  }

  /** The sockets that it listens on, by listener: those that can be handed over. */
  descriptors(): Record<string, readonly number[]> {
    return Object.fromEntries(
      [...this.#open].map(([name, { listening }]) => [name, listening.flatMap(({ fd }) => fd ?? [])]),
    )
  }

  /** Accepts no more, lets exchanges end, and destroys what is left after `withinMs`; asked again, the earlier end counts. `gentle`: kept
   *  connections are not closed before they have asked once more, or have been idle for as long as they may. */
  async drain(withinMs: Millis, gentle = false): Promise<void> {
    this.#drainAtMs = Math.min(this.#drainAtMs, performance.now() + withinMs)
    if (this.context.draining) return
    this.context.draining = true
    for (const [name, open] of [...this.#open]) this.#retire(name, open, gentle)
    this.#state.closeIdle(null)
    while (this.#connections() > 0 && performance.now() < this.#drainAtMs) await tick()
    for (const listener of this.#closing)
      for (const connection of [...listener.connections]) connection.destroy()
    while (this.#connections() > 0) await tick()
    clearInterval(this.#ticker)
    await this.context.accessLog?.close()
  }

  #connections(): number {
    let sum = 0
    for (const listener of this.#closing) sum += listener.connections.size
    return sum
  }

  #retire(name: string, open: OpenListener, gentle = false): void {
    this.#open.delete(name)
    for (const listening of open.listening) listening.close()
    open.listener.gone = true
    for (const listener of this.#closing) if (listener.connections.size === 0) this.#closing.delete(listener)
    this.#closing.add(open.listener)
    for (const connection of [...open.listener.connections]) connection.endWhenIdle(gentle)
  }

  async #openListener(spec: SnapshotListener): Promise<void> {
    const { name, protocol } = spec
    const rules = new RuleBook()
    const listener: Listener = {
      name,
      protocol,
      gone: false,
      connections: new Set(),
      ...this.#viewOf(spec, rules),
    }
    const sockets = this.#inherited.get(name) ?? []
    this.#inherited.delete(name)
    const listening =
      sockets.length === 0
        ? [await this.#listen(listener, spec.bind)]
        : await Promise.all(sockets.map((fd) => this.#listen(listener, spec.bind, fd)))
    this.#open.set(spec.name, { listener, protocol: spec.protocol, asked: spec.bind, listening, rules })
  }

  #listen(listener: Listener, bind: Bind, fd?: number): Promise<Listening> {
    if (listener.protocol === 'udp') return UdpListener.open(this.context, listener, bind, this.#reusePort)
    return listen(bind, {
      reusePort: this.#reusePort,
      ...(fd !== undefined && { fd }),
      onConnection: (socket) => accept(this.context, listener, socket),
    })
  }

  #viewOf(spec: SnapshotListener, rules: RuleBook): ListenerView {
    const { listenerSlot: slot, limits, keepAlive = KEEP_ALIVE, http2 = HTTP2, keys } = spec
    const trust = spec.trust === undefined ? null : new Trust(spec.trust)
    const isProxied = spec.proxyProtocol !== undefined
    const tls = this.#tls.of(keys)
    const routes = rules.routes(spec, this.#state)
    return { slot, limits, keepAlive, trust, isProxied, http2, tls, routes }
  }
}

function isSame(open: OpenListener, now: SnapshotListener): boolean {
  return (
    open.protocol === now.protocol && open.asked.host === now.bind.host && open.asked.port === now.bind.port
  )
}

function tick(): Promise<void> {
  return new Promise((done) => setTimeout(done, TICK_MS / 4))
}
