import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../core/time.ts'
import { type Answer, pageAnswer } from './answer.ts'
import { control, isControl } from './control/control.ts'
import { handle } from './handle.ts'
import type { HttpRequest } from './wire/request.ts'
import type { World } from './world.ts'

/** The longest calls carry certificates, a few KB. */
const MAX_BODY_BYTES = 1024 * 1024
const BODY_MS = 30_000
const TOO_LARGE = pageAnswer(413, '')

export interface Served extends AsyncDisposable {
  readonly url: string
  /** The world as the last call left it. */
  world(): World
  /** Another world takes its place, as time or people make it. */
  change(next: (world: World, now: number) => World): void
}

/** Serves a world over HTTP on a loopback address, at `/` as the cloud's API and at `/sandbox/` as its own. Rejects when the port is
 *  taken. */
export async function serveSandbox(
  start: World,
  { port, clock }: { readonly port: number; readonly clock: Clock },
): Promise<Served> {
  let world = start
  const stop = new AbortController()
  const server = createServer({ requestTimeout: BODY_MS }, (request, response) => {
    respond(request, response).catch(() => response.destroy())
  })

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = await requestOf(request)
    if (read === null) return write(response, TOO_LARGE)
    const now = clock.now()
    const done = isControl(read) ? control(world, read, now) : handle(world, read, now)
    world = done.world
    const { delayMs, isLost } = done.answer
    if (delayMs > 0) await clock.sleep(delayMs, stop.signal)
    if (isLost) response.destroy()
    else write(response, done.answer)
  }

  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', listening)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world: () => world,
    change: (next) => {
      world = next(world, clock.now())
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** null = it is too large. */
async function requestOf(request: IncomingMessage): Promise<HttpRequest | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  )
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}
