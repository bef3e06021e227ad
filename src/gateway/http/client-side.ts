import type { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { TunnelSide } from '../tcp/tunnel.ts'
import type { Memory } from '../worker/reads.ts'
import type { Reply } from './reply.ts'

/** Where an answer's body goes: the client, or a filter before it. */
export interface ResponseSink {
  /** A part of the body; any number of them, then `flush` within the same event. */
  data(bytes: Buffer, start: number, end: number): void
  /** False = takes no more until it says that it does again. */
  flush(): boolean
  /** The body is whole. False = some of it is still to come to the client: then `Transaction.finished` is called later. */
  end(trailers: Buffer | null): boolean
}

/** The client's side of one request: an HTTP/1.1 connection that waits for its answer, or a stream of HTTP/2. */
export interface ClientSide extends ResponseSink {
  readonly head: RequestHead
  /** Bytes of the current answer written, framing included; of its request read. */
  readonly sent: number
  readonly received: number
  /** How long the head of its request took to come, in ms. */
  readonly headMs: number
  /** How long it says that it waits for the answer (gRPC); 0 = it does not say. */
  readonly patienceMs: number
  /** `HTTP/1.1`, for logs. */
  readonly protocol: string
  /** It does not take what has been sent. */
  readonly isFull: boolean
  /** Of the parts of the body that it has been given. */
  readonly memory: Memory
  /** The server can take the body: give what has come of it, by the transaction's `requestData` and `requestEnd`. */
  feed(): void
  /** The server takes more of the body again. */
  feedMore(): void
  /** At most `ms` for a connection to a server, or for the client to take what has been sent; null = neither. */
  waitFor(what: 'connection' | 'room' | null, ms: number): void
  interim(head: ResponseHead, bytes: Buffer): void
  /** The answer's head; its body follows through the sink. */
  respond(head: ResponseHead, bytes: Buffer): void
  /** The gateway's own answer, whole. */
  answer(reply: Reply): void
  /** The answer has been sent whole: on to the next request, or the end. */
  finished(): void
  /** An answer has been begun that will never be whole. */
  broken(): void
  /** 101 was the answer: both streams belong to a tunnel from now on. */
  tunnel(server: TunnelSide, early: Buffer): void
}
