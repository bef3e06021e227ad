import type { TlsGroup } from '../../core/tls.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { TunnelSide } from '../tcp/tunnel.ts'
import type { Memory } from '../worker/reads.ts'

/** How an attempt ended without a whole answer. Of the first five, the server has done nothing. */
export type Loss =
  | 'too-many-pending'
  | 'connect-failed'
  | 'tls-failed'
  | 'connect-timeout'
  | 'refused'
  | 'reset'
  | 'truncated'
  | 'bad-response'
  | 'timeout'

/** What a TLS handshake with a server came to. */
export interface ServerTlsFacts {
  readonly version: string
  readonly group: TlsGroup | null
  readonly resumed: boolean
}

/** The server's side of one attempt: an HTTP/1.1 connection that is busy with it, or a stream of HTTP/2. */
export interface ServerSide {
  /** How many requests its connection has carried before. */
  readonly uses: number
  /** Bytes of this request written, and of its answer read. */
  readonly sent: number
  readonly received: number
  /** The group of its TLS handshake, and whether that resumed a session; null = plain bytes. */
  readonly tls: ServerTlsFacts | null
  /** Before the request is written: what it asks decides where the answer ends. */
  expect(toHead: boolean, toUpgrade: boolean): void
  /** A request without a body, as an HTTP/1.1 head. */
  whole(head: Buffer): void
  /** A request with a body, or null and its next part: `data` follows, and `flush` within the same event. */
  begin(head: Buffer | null): void
  data(chunked: boolean, bytes: Buffer, start: number, end: number): void
  end(chunked: boolean, trailers: Buffer | null): void
  /** Sends everything since `begin`. False = the server takes no more until `drained`. */
  flush(): boolean
  /** Of the bodies that it has been given. */
  readonly memory: Memory
  /** No more of the answer until `resume`. */
  pause(): void
  /** What of the answer's memory was lent has been written if it `isSettled`. */
  resume(isSettled: boolean): void
  readonly isPaused: boolean
  /** The answer, or its next part, or room for more of the request must come within `ms`. */
  awaitWithin(ms: number): void
  /** The client's turn: its silence is not the server's. */
  stopWaiting(): void
  /** After `answered`: its connection may serve others if the request was sent whole. */
  release(whole: boolean, idleMs: number): void
  /** Nothing more is wanted of it, whatever its state. */
  abandon(): void
}

/** A connection to a server that is no longer HTTP. */
export interface Switched extends TunnelSide {
  readonly at: number
}

/** What an exchange hears from the server's side. `lost` and `answered` are the last, and only one of them comes. */
export interface ServerUser {
  /** The connection is open and may be written to. */
  connected(server: ServerSide): void
  interim(head: ResponseHead, bytes: Buffer): void
  head(head: ResponseHead, bytes: Buffer): void
  /** A part of the body: any number of them in one event. */
  body(bytes: Buffer, start: number, end: number): void
  /** No more comes in this event: what was put together must leave now. */
  flush(): void
  answered(trailers: Buffer | null): void
  /** 101: the stream is the user's from now on; bytes from `at` on belong to the tunnel. */
  switched(head: ResponseHead, bytes: Buffer, tunnel: Switched): void
  lost(loss: Loss): void
  /** The server takes bytes again. */
  drained(): void
  /** What becomes of the memory that the last `flush` or `answered` was about. */
  readonly memory: Memory
}
