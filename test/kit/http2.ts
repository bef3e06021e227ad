import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
  createSecureServer,
  createServer,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { AddressInfo } from 'node:net'

/** What came of one stream. */
export interface Answer {
  readonly status: number
  readonly fields: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly trailers: Readonly<Record<string, string | string[] | undefined>>
  /** Why the stream was closed: 0 = no error. */
  readonly code: number
}

/** A client of HTTP/2 by prior knowledge. */
export class Http2Client {
  readonly session: ClientHttp2Session
  /** The code of a GOAWAY that has come; null = none has. */
  goaway: number | null = null
  closed = false

  constructor(url: string, options: ClientSessionOptions | SecureClientSessionOptions = {}) {
    this.session = connect(url, options)
    this.session.on('error', () => {})
    this.session.on('goaway', (code) => {
      this.goaway = code
    })
    this.session.on('close', () => {
      this.closed = true
    })
  }

  request(fields: OutgoingHttpHeaders, endStream = true): ClientHttp2Stream {
    const stream = this.session.request({ ':path': '/', ...fields }, { endStream })
    stream.on('error', () => {})
    return stream
  }

  get(path: string, fields: OutgoingHttpHeaders = {}): Promise<Answer> {
    return answerOf(this.request({ ':path': path, ...fields }))
  }

  post(path: string, body: string, fields: OutgoingHttpHeaders = {}): Promise<Answer> {
    const stream = this.request({ ':method': 'POST', ':path': path, ...fields }, false)
    stream.end(body)
    return answerOf(stream)
  }
}

/** Resolves when the stream is closed. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let body = ''
  const answer = { status: 0, fields: {}, trailers: {} }
  stream.on('response', (fields) => Object.assign(answer, { status: fields[':status'], fields }))
  stream.on('trailers', (trailers) => Object.assign(answer, { trailers }))
  stream.on('data', (chunk) => {
    body += chunk
  })
  // Not `once`: that would reject for a stream that is reset.
  if (!stream.closed) await new Promise<void>((done) => stream.on('close', done))
  return { ...answer, body, code: stream.rstCode }
}

/** A server of HTTP/2, in plain bytes unless it has a certificate. `stop` ends its sessions. */
export async function serveHttp2(
  onStream: (stream: ServerHttp2Stream, fields: OutgoingHttpHeaders) => void,
  options: ServerOptions | SecureServerOptions = {},
) {
  const sessions = new Set<ServerHttp2Session>()
  const server = 'cert' in options ? createSecureServer(options) : createServer(options)
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {})
    session.on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, fields) => {
    stream.on('error', () => {})
    onStream(stream as ServerHttp2Stream, fields)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    for (const session of sessions) session.destroy()
  }
  return { port: (server.address() as AddressInfo).port, sessions, stop }
}
