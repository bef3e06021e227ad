import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { ListenerLimits, ListenerSpec, UpstreamSpec } from '../../src/core/balancer.ts'
import { KEEP_ALIVE } from '../../src/core/keep-alive.ts'
import { classesOf } from '../../src/core/rule.ts'
import type { Snapshot, SnapshotListener, SnapshotMember, SnapshotPool } from '../../src/core/snapshot.ts'
import type { TrustSpec } from '../../src/core/trust.ts'
import { createLanes, LaneReader, POOL_GAUGE } from '../../src/gateway/lanes.ts'
import { Weights } from '../../src/gateway/weights.ts'
import { TrafficServer } from '../../src/gateway/worker/traffic-server.ts'

const HOST = '127.0.0.1'

const LIMITS: ListenerLimits = {
  headerBytes: 32 * 1024,
  headerCount: 100,
  bodyBytes: 64 * 1024 * 1024,
  firstByteMs: 10_000,
  headerMs: 10_000,
  idleMs: 10_000,
  bodyMs: 10_000,
  responseMs: 10_000,
  connections: 5_000,
}

const UPSTREAM: UpstreamSpec = {
  connectMs: 5_000,
  idleMs: 4_000,
  maxConnections: 1_000,
  maxPending: 100,
  keepAlive: KEEP_ALIVE,
}

/** Servers and members; those of other pools than `main` come behind its own. */
const SLOTS = 16
const OTHER_SLOTS = 8

export interface TrafficOptions {
  /** Ports of the default pool's servers. */
  readonly servers: readonly number[]
  /** Ports of the servers of other pools, at most four pools of two servers. */
  readonly pools?: Readonly<Record<string, readonly number[]>>
  readonly retries?: number
  readonly protocol?: ListenerSpec['protocol']
  readonly rules?: ListenerSpec['rules']
  readonly trust?: TrustSpec
  readonly limits?: Partial<ListenerLimits>
  /** What else there is to its listener. */
  readonly listener?: Partial<SnapshotListener>
  readonly upstream?: Partial<UpstreamSpec>
  /** What else the pool has. */
  readonly pool?: Partial<SnapshotPool>
  readonly accessLog?: string
}

/** A worker's traffic in this process, on a port of the system's choice, in front of one pool `main`. */
export class Traffic {
  readonly buffers = createLanes(1)
  readonly reader = new LaneReader(this.buffers)
  readonly weights = new Weights(this.buffers)
  readonly server = new TrafficServer(this.buffers, 0, () => 0.5, { reusePort: true })
  readonly options: TrafficOptions
  #version = 0

  constructor(options: TrafficOptions) {
    this.options = options
  }

  static async start(options: TrafficOptions): Promise<Traffic> {
    const traffic = new Traffic(options)
    for (let slot = 0; slot < SLOTS; slot++) traffic.weights.set(slot, 100)
    traffic.weights.publish()
    await traffic.apply(options.servers)
    return traffic
  }

  get port(): number {
    return this.server.bound.web!.port
  }

  /** The same configuration with these of its servers; `draining` by port. */
  async apply(servers: readonly number[], draining: readonly number[] = []): Promise<void> {
    const failures = await this.server.apply(this.snapshot(servers, draining))
    if (failures.length > 0) throw new Error(failures[0]!.message)
  }

  snapshot(servers: readonly number[], draining: readonly number[] = []): Snapshot {
    const { protocol = 'http', rules = [], limits = {}, upstream = {}, retries = 2 } = this.options
    const members = servers.map((port, at): SnapshotMember => {
      const slot = servers === this.options.servers ? at : this.options.servers.indexOf(port)
      return { ...memberAt(port, slot), draining: draining.includes(port) }
    })
    const pool: SnapshotPool = {
      name: 'main',
      poolSlot: 0,
      algorithm: 'round-robin',
      upstream: { ...UPSTREAM, ...upstream },
      retries,
      members,
      ...this.options.pool,
    }
    const others = Object.entries(this.options.pools ?? {}).map(([name, ports], at): SnapshotPool => {
      const slotOf = (nth: number) => OTHER_SLOTS + 2 * at + nth
      return {
        ...pool,
        name,
        poolSlot: at + 1,
        members: ports.map((port, nth) => memberAt(port, slotOf(nth))),
      }
    })
    const listener: SnapshotListener = {
      name: 'web',
      listenerSlot: 0,
      bind: { host: HOST, port: 0 },
      protocol,
      rules,
      pool: rules.length > 0 ? null : 'main',
      ...(this.options.trust && { trust: this.options.trust }),
      limits: { ...LIMITS, ...limits },
      ...this.options.listener,
    }
    return {
      version: ++this.#version,
      classSlots: Object.fromEntries([...classesOf([listener])].map((name, slot) => [name, slot])),
      listeners: [listener],
      pools: [pool, ...others],
      accessLog:
        this.options.accessLog === undefined ? null : { path: this.options.accessLog, format: 'json' },
    }
  }

  /** Everything that must be 0 when nothing is going on. */
  gauges(): Record<string, number> {
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot)
    const sum = (of: (slot: number) => number) => slots.reduce((total, slot) => total + of(slot), 0)
    return {
      clients: this.reader.listenerConnections(0),
      serverInFlight: sum((slot) => this.reader.serverInFlight(slot)),
      memberInFlight: sum((slot) => this.reader.memberInFlight(slot)),
      serverConnections: sum((slot) => this.reader.serverConnections(slot)),
      poolInFlight: this.reader.poolGauge(0, POOL_GAUGE.inFlight),
      poolPending: this.reader.poolGauge(0, POOL_GAUGE.pending),
    }
  }
}

function memberAt(port: number, slot: number): SnapshotMember {
  return { id: `${slot}`, host: HOST, port, serverSlot: slot, memberSlot: slot, draining: false }
}

/** What a raw server does with a connection. */
export type Speak = (socket: Socket, nth: number) => void

/** A server that speaks in raw bytes: `speak` gets each connection. */
export class RawServer {
  readonly sockets = new Set<Socket>()
  accepted = 0
  readonly #server: Server

  private constructor(speak: Speak) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => this.sockets.delete(socket))
      speak(socket, this.accepted++)
    })
  }

  static async start(speak: Speak): Promise<RawServer> {
    const raw = new RawServer(speak)
    raw.#server.listen(0, HOST)
    await once(raw.#server, 'listening')
    return raw
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  stop(): void {
    this.#server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}

/** Answers each request (no body expected) by `answer(head, nth request of the connection)`. */
export function answering(answer: (head: string, nth: number) => string | null) {
  return (socket: Socket): void => {
    let text = ''
    let nth = 0
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end + 4)
        text = text.slice(end + 4)
        const answered = answer(head, nth++)
        if (answered === null) socket.destroy()
        else socket.write(answered, 'latin1')
      }
    })
    socket.on('end', () => socket.end())
  }
}

/** A client that speaks in raw bytes and keeps what it hears. */
export class RawClient {
  readonly socket: Socket
  heard = ''
  ended = false
  closed = false

  private constructor(port: number) {
    this.socket = connect({ host: HOST, port, noDelay: true, allowHalfOpen: true })
    this.socket.on('error', () => this.socket.destroy())
    this.socket.on('data', (chunk) => (this.heard += chunk.toString('latin1')))
    this.socket.on('end', () => (this.ended = true))
    this.socket.on('close', () => (this.closed = true))
  }

  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(port)
    await once(client.socket, 'connect')
    return client
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Everything heard, once it has what is wanted. Rejects when that does not come. */
  async hears(wanted: string | RegExp | number): Promise<string> {
    const has = () => {
      if (typeof wanted === 'number') return this.heard.length >= wanted
      return typeof wanted === 'string' ? this.heard.includes(wanted) : wanted.test(this.heard)
    }
    await until(has, () => `to hear ${wanted} in ${JSON.stringify(this.heard.slice(0, 2000))}`)
    return this.heard
  }

  /** Everything heard, once the gateway has ended the connection. */
  async hearsEnd(): Promise<string> {
    await until(
      () => this.ended || this.closed,
      () => `the end after ${JSON.stringify(this.heard.slice(0, 2000))}`,
    )
    this.socket.destroy()
    return this.heard
  }

  /** What has been heard so far is forgotten. */
  forget(): this {
    this.heard = ''
    return this
  }
}

/** Waits for a condition of real sockets, at most ten seconds. */
export async function until(holds: () => boolean, what: () => string): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what()}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}

/** A server that answers no request before it is told to. */
export class Holding {
  readonly #held: Socket[] = []
  readonly speak: Speak = (socket) => socket.on('data', () => this.#held.push(socket))

  get count(): number {
    return this.#held.length
  }

  /** The oldest request that is there, or the next one to come. */
  async answer(text: string): Promise<void> {
    await until(
      () => this.count > 0,
      () => 'a request to answer',
    )
    this.#held.shift()!.write(text)
  }
}

const opened: (() => unknown)[] = []

/** For `afterEach`: ends what the functions below have begun. */
export async function cleanUp(): Promise<void> {
  for (const end of opened.splice(0).reverse()) await end()
}

export async function serve(speak: Speak): Promise<RawServer> {
  const server = await RawServer.start(speak)
  opened.push(() => server.stop())
  return server
}

export async function gateway(options: TrafficOptions): Promise<Traffic> {
  const traffic = await Traffic.start(options)
  opened.push(() => traffic.server.drain(0))
  return traffic
}

export async function dial(traffic: Traffic): Promise<RawClient> {
  const client = await RawClient.open(traffic.port)
  opened.push(() => client.socket.destroy())
  return client
}

export const HELLO = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
export const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await RawServer.start(() => {})
  const { port } = server
  server.stop()
  return port
}

/** The gateway has let everything go: no connection, no request in flight, no timer. */
export async function atRest(traffic: Traffic): Promise<void> {
  const state = () => ({ ...traffic.gauges(), timers: traffic.server.context.wheel.size })
  await until(
    () => Object.values(state()).every((value) => value === 0),
    () => `rest: ${JSON.stringify(state())}`,
  )
}
