import * as http from 'node:http'
import * as https from 'node:https'
import { messageOf } from '../../../core/fault.ts'
import type { HttpAnswer } from './answer.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends once and reads the whole answer. Throws `Unsent` when nobody was reached, and something else when that is not known. */
export type Transport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>

/** The request did not leave this machine, so it cannot have been done. */
export class Unsent extends Error {
  override readonly name = 'Unsent'
}

/** The longest answers are the lists of instance types, a few MB. */
const MAX_BYTES = 32 * 1024 * 1024

/** A connection a call: a kept one may be dead when it is used again, and then nobody knows whether the call was done. */
export const nodeTransport: Transport = (request, signal) => {
  const { request: open } = request.url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    let connected = false
    const fail = (error: unknown) => {
      const reason = error instanceof AggregateError ? error.errors[0] : error
      reject(connected ? reason : new Unsent(messageOf(reason), { cause: reason }))
    }
    const headers = { ...request.headers, 'content-length': Buffer.byteLength(request.body) }
    const sent = open(request.url, { method: request.method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MAX_BYTES) sent.destroy(new Error(`the answer is larger than ${MAX_BYTES} bytes`))
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks))))
    })
    // Over TLS the request is written only after the handshake.
    sent.on('socket', (socket) =>
      socket.once(request.url.startsWith('https:') ? 'secureConnect' : 'connect', () => {
        connected = true
      }),
    )
    const stop = () => sent.destroy(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    sent.on('close', () => signal.removeEventListener('abort', stop))
    sent.on('error', fail)
    if (signal.aborted) stop()
    sent.end(request.body)
  })
}

function answerOf(response: http.IncomingMessage, body: Buffer): HttpAnswer {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
  return { status: response.statusCode ?? 0, headers, text: body.toString('utf8') }
}
