import { fieldText } from '../../http1/field-text.ts'
import type { RequestHead } from '../../http1/request-head.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import type { AccessEntry } from '../../worker/log/access-line.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import type { ClientSide } from '../client-side.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { phasesOf } from './phases.ts'
import { beginTrace, traceOf } from './trace.ts'

/** What the line of a request is made of, at its end. */
export interface Ended {
  readonly listener: string
  readonly client: ClientSide
  readonly clientAddress: string
  readonly peer: Peer
  readonly exchange: Exchange
  /** Null = none saw it. */
  readonly pool: Pool | null
  readonly class: string | null
  readonly status: number
  readonly why: string | null
}

/** What the access log tells of one request after the other of a connection. */
export class RequestLog {
  #startedMs = 0
  #trace: string | null = null
  #target = ''
  #referer: string | null = null
  #userAgent: string | null = null
  /** Of its connection; the TLS handshake is told with the first. */
  #nth = -1

  start(nowMs: number): void {
    this.#startedMs = nowMs
    this.#trace = null
    this.#nth++
  }

  /** The request belongs to a trace from here on. */
  trace(head: RequestHead, bytes: Buffer): void {
    this.#trace = traceOf(head, bytes) ?? beginTrace(head, bytes)
  }

  /** While the head's bytes are there. */
  note(head: RequestHead, bytes: Buffer): void {
    const { lines, targetStart, targetEnd } = head
    this.#trace ??= traceOf(head, bytes)
    this.#target = bytes.toString('latin1', targetStart, targetEnd)
    this.#referer = fieldText(bytes, lines, 'referer')
    this.#userAgent = fieldText(bytes, lines, 'user-agent')
  }

  entry(ended: Ended): AccessEntry {
    const { client, pool, exchange, peer } = ended
    const nowMs = performance.now()
    const ms = nowMs - this.#startedMs
    return {
      at: Date.now() - ms,
      listener: ended.listener,
      client: ended.clientAddress,
      method: client.head.method,
      host: client.head.host,
      path: this.#target,
      protocol: client.protocol,
      referer: this.#referer,
      userAgent: this.#userAgent,
      status: ended.status,
      bytesIn: client.received,
      bytesOut: client.sent,
      ms,
      phases: phasesOf(pool === null ? null : exchange.marks, {
        tlsMs: this.#nth === 0 ? (peer.tls?.handshakeMs ?? null) : null,
        headMs: client.headMs,
        startedMs: this.#startedMs,
        endedMs: nowMs,
      }),
      trace: this.#trace,
      class: ended.class,
      pool: pool?.name ?? null,
      server: pool === null ? null : (exchange.member?.id ?? null),
      retries: pool === null ? 0 : exchange.retried,
      why: ended.why,
      tls: peer.tls,
      serverTls: pool === null ? null : exchange.serverTls,
    }
  }
}
