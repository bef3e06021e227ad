import type { RemoteInfo, Socket } from 'node:dgram'
import { MEMBER, POOL, POOL_GAUGE } from '../lanes.ts'
import type { Context } from '../worker/context.ts'
import type { Connection, Listener } from '../worker/listeners/listener.ts'
import { plain } from '../worker/listeners/peer.ts'
import { tunnelEntry } from '../worker/log/tunnel-entry.ts'
import type { Member, Pool } from '../worker/pools/pool.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { socketFor, takesMore } from './socket.ts'

/** Datagrams that are kept while the socket to the server is made ready: a matter of one turn, but for servers given by name. */
const MOST_EARLY = 16
/** What the network says of the server, as against troubles of our own. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'])

/** What a session needs of its listener. */
export interface SessionOwner {
  /** A datagram to the client. */
  reply(bytes: Buffer, to: RemoteInfo): void
  ended(session: UdpSession): void
}

/** Whose it is and where it goes; `leave` is called at its end. */
interface Chosen {
  readonly from: RemoteInfo
  readonly pool: Pool
  readonly member: Member
  leave(): void
}

/** The datagrams between one source and the server that was chosen for it, until both have been silent for a while. */
export class UdpSession implements Connection {
  readonly from: RemoteInfo
  readonly #ctx: Context
  readonly #listener: Listener
  readonly #owner: SessionOwner
  readonly #timer: Timer
  readonly #startedMs = performance.now()
  readonly #pool: Pool
  readonly #leave: () => void
  readonly #member: Member
  #isDraining: boolean
  readonly #socket: Socket
  #edition: number
  #early: Buffer[] | null = []
  #fromClient = 0
  #fromServer = 0
  #isOver = false
  readonly #onSent = (error: NodeJS.ErrnoException | null): void => {
    if (error !== null) this.#failed(error)
  }

  constructor(ctx: Context, listener: Listener, owner: SessionOwner, chosen: Chosen) {
    this.#ctx = ctx
    this.#listener = listener
    this.#owner = owner
    this.from = chosen.from
    this.#leave = chosen.leave
    this.#pool = chosen.pool
    this.#member = chosen.member
    this.#edition = chosen.pool.edition
    this.#isDraining = chosen.member.draining
    this.#timer = new Timer(() => this.#end('idle'))
    const { host, port } = chosen.member.server
    this.#socket = socketFor(host)
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    this.#socket.on('message', (bytes) => this.#onReply(bytes))
    this.#socket.on('connect', () => this.#onReady())
    this.#count(1)
    ctx.lane.addMember(chosen.member.slot, MEMBER.requests, 1)
    ctx.lane.addMember(chosen.member.slot, MEMBER.opened, 1)
    ctx.wheel.arm(this.#timer, listener.limits.idleMs)
    this.#socket.connect(port, host)
  }

  /** Its server takes no more of it: gone from the pool, or not fit to serve. One that is drained keeps what it has. */
  get isStray(): boolean {
    if (this.#edition !== this.#pool.edition) {
      this.#edition = this.#pool.edition
      const member = this.#pool.members.find(({ id }) => id === this.#member.id)
      if (member === undefined) return true
      this.#isDraining = member.draining
    }
    return !this.#isDraining && this.#ctx.weights.get(this.#member.slot) === 0
  }

  send(bytes: Buffer): void {
    this.#ctx.wheel.arm(this.#timer, this.#listener.limits.idleMs)
    this.#fromClient += bytes.length
    if (this.#early === null) this.#pass(bytes)
    else if (this.#early.length < MOST_EARLY) this.#early.push(bytes)
  }

  /** Datagrams have no end that could be waited for: whoever listens next begins a new session. */
  endWhenIdle(): void {
    this.#end('shutdown')
  }

  destroy(): void {
    this.#end('shutdown')
  }

  /** The client's next datagram goes to another server. */
  leave(): void {
    this.#end('moved')
  }

  #pass(bytes: Buffer): void {
    if (takesMore(this.#socket)) this.#socket.send(bytes, this.#onSent)
  }

  #onReady(): void {
    const early = this.#early ?? []
    this.#early = null
    for (const bytes of early) this.#pass(bytes)
  }

  #onReply(bytes: Buffer): void {
    this.#ctx.wheel.arm(this.#timer, this.#listener.limits.idleMs)
    if (this.#fromServer === 0) this.#pool.reached(this.#member)
    this.#fromServer += bytes.length
    this.#ctx.lane.addPool(this.#pool.slot, POOL.sentToClients, bytes.length)
    this.#owner.reply(bytes, this.from)
  }

  #failed({ code = 'error' }: NodeJS.ErrnoException): void {
    if (this.#isOver) return
    if (UNREACHABLE.has(code)) {
      this.#ctx.lane.addMember(this.#member.slot, MEMBER.failures, 1)
      this.#ctx.lane.addMember(this.#member.slot, MEMBER.connectFailures, 1)
      this.#pool.connectFailed(this.#member)
    }
    this.#end(code)
  }

  #end(why: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ctx.wheel.release(this.#timer)
    this.#socket.close()
    this.#leave()
    this.#count(-1)
    this.#ctx.lane.countEnd(this.#pool.slot, UNREACHABLE.has(why))
    this.#ctx.lane.addMember(this.#member.slot, MEMBER.bytesSent, this.#fromClient)
    this.#ctx.lane.addMember(this.#member.slot, MEMBER.bytesReceived, this.#fromServer)
    this.#owner.ended(this)
    this.#log(why === 'idle' ? null : why)
  }

  #count(by: number): void {
    this.#member.server.count(by)
    this.#ctx.lane.addServer(this.#member.server.slot, by, 0)
    this.#ctx.lane.addMemberInFlight(this.#member.slot, by)
    this.#ctx.lane.addPoolGauge(this.#pool.slot, POOL_GAUGE.inFlight, by)
    this.#ctx.lane.addListenerConnections(this.#listener.slot, by)
  }

  #log(why: string | null): void {
    const { accessLog } = this.#ctx
    if (accessLog === null) return
    const [pool, server] = [this.#pool.name, this.#member.id]
    const whose = { listener: this.#listener.name, client: plain(this.from.address), pool, server }
    const bytes = { bytesIn: this.#fromClient, bytesOut: this.#fromServer }
    accessLog.add(
      tunnelEntry(this.#startedMs, { ...whose, ...bytes, retries: 0, why, tls: null, serverTls: null }),
    )
  }
}
