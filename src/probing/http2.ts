import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'
import type { Socket } from 'node:net'
import { messageOf } from '../core/fault.ts'
import { MAX_ANSWER_BYTES } from './answer.ts'
import type { Attempt } from './attempt.ts'
import { headersOf } from './http-request.ts'
import type { Asked, Judge } from './http1.ts'

export interface Http2Answer {
  /** The final one. */
  readonly headers: IncomingHttpHeaders
  readonly trailers: IncomingHttpHeaders
  /** All of it, or its first MAX_ANSWER_BYTES and a little more. */
  readonly body: Buffer
}

/** What is told of an answer. */
export interface Http2Listener {
  /** True = go on, to the answer's end. */
  head(headers: IncomingHttpHeaders): boolean
  end(answer: Http2Answer): void
}

/** One request over a connection of its own: with prior knowledge, or after ALPN (RFC 9113 3). */
export function request(
  attempt: Attempt,
  socket: Socket,
  { headers, payload }: { readonly headers: OutgoingHttpHeaders; readonly payload: Uint8Array | null },
  listener: Http2Listener,
): void {
  const fail = (error: Error) => attempt.finish(false, `HTTP/2: ${messageOf(error)}`)
  // The name is never looked up: the connection is there.
  const session = connect('http://server', {
    createConnection: () => socket,
    settings: { enablePush: false },
  })
  attempt.release(() => session.destroy())
  session.on('error', fail)
  const stream = session.request(headers, { endStream: payload === null })
  stream.on('error', fail)
  let head: IncomingHttpHeaders = {}
  let trailers: IncomingHttpHeaders = {}
  let isOver = false
  const chunks: Buffer[] = []
  let bytes = 0
  const end = () => {
    isOver = true
    listener.end({ headers: head, trailers, body: Buffer.concat(chunks) })
  }
  stream.on('response', (received) => {
    head = received
    isOver = !listener.head(head)
  })
  stream.on('trailers', (received) => (trailers = received))
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (!isOver && bytes > MAX_ANSWER_BYTES) end()
  })
  stream.on('end', () => {
    if (!isOver) end()
  })
  if (payload !== null) stream.end(payload)
}

/** Asks by HTTP/2. */
export function askHttp2(
  attempt: Attempt,
  socket: Socket,
  asked: Asked & { scheme: string },
  judge: Judge,
): void {
  const { spec, path, authority, scheme } = asked
  const headers: OutgoingHttpHeaders = {
    ':method': spec.method,
    ':path': path,
    ':authority': authority,
    ':scheme': scheme,
  }
  for (const [name, value] of headersOf(spec)) headers[name.toLowerCase()] = value
  request(
    attempt,
    socket,
    { headers, payload: null },
    {
      head: (received) => judge.head(Number(received[':status']), () => received.location ?? null),
      end: ({ body }) => judge.body(body),
    },
  )
}
