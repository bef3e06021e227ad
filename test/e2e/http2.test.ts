import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Http2Client } from '../kit/http2.ts'
import { Tidegate } from '../kit/tidegate.ts'

/** What of `ws` is used here; the package has no types of its own. */
interface WebSocketServer {
  on(
    event: 'connection',
    listener: (socket: {
      on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void
      send(data: Buffer, options: { binary: boolean }): void
    }) => void,
  ): void
  close(): void
}
type WsModule = {
  WebSocketServer: new (options: { server: Server }) => WebSocketServer
  WebSocket: new (
    url: string,
  ) => NodeJS.EventEmitter & { send(data: string | Buffer): void; close(code: number): void }
}
const { WebSocket, WebSocketServer } = createRequire(import.meta.url)('ws') as WsModule

let server: Server
let sockets: WebSocketServer
let tidegate: Tidegate

beforeAll(async () => {
  server = createServer((req, res) => {
    if (req.url !== '/events') {
      res.end(`hello ${req.url}`)
      return
    }
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.write('data: first\n\n')
    req.on('close', () => res.end())
  })
  sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  tidegate = new Tidegate(`
listeners:
  web: { bind: "127.0.0.1:0", pool: api }
pools:
  api: { servers: [ { address: "127.0.0.1:${port}" } ], health: { type: tcp, interval: 1s } }
`)
  tidegate.start()
  await tidegate.until('a healthy member', async () =>
    (await tidegate.pool('api'))?.members.every(({ state }) => state === 'healthy'),
  )
})

afterAll(async () => {
  sockets.close()
  server.closeAllConnections()
  server.close()
  await tidegate[Symbol.asyncDispose]()
})

/** The server answers in this process, so nothing here may wait for a command. */
const run = promisify(execFile)
const hasH2load = spawnSync('h2load', ['--version']).status === 0

test.skipIf(!hasH2load)('h2load is answered on every stream (nghttp2-client)', async () => {
  const args = ['-n', '5000', '-c', '4', '-m', '10', await tidegate.url()]
  const { stdout } = await run('h2load', args)
  expect(stdout).toMatch(/5000 succeeded, 0 failed, 0 errored, 0 timeout/)
  expect(stdout).toContain('status codes: 5000 2xx')
})

test.skipIf(!hasH2load)('nghttp gets what it asks for (nghttp2-client)', async () => {
  const { stdout } = await run('nghttp', [`${await tidegate.url()}named`])
  expect(stdout).toBe('hello /named')
})

test('events come one by one over either version', async () => {
  const url = new URL('/events', await tidegate.url())
  const http1 = request(url).end()
  const [answer] = (await once(http1, 'response')) as [IncomingMessage]
  expect(`${(await once(answer, 'data'))[0]}`).toBe('data: first\n\n')
  http1.destroy()
  const client = new Http2Client(url.origin)
  const stream = client.request({ ':path': '/events' })
  expect(`${(await once(stream, 'data'))[0]}`).toBe('data: first\n\n')
  client.session.destroy()
})

test('a WebSocket of the package ws echoes over HTTP/1.1', async () => {
  const socket = new WebSocket((await tidegate.url()).replace('http', 'ws'))
  await once(socket, 'open')
  for (const sent of ['hello', 'x'.repeat(100_000)]) {
    socket.send(sent)
    expect(`${(await once(socket, 'message'))[0]}`).toBe(sent)
  }
  socket.close(1000)
  expect((await once(socket, 'close'))[0]).toBe(1000)
})

test('a WebSocket over a stream of HTTP/2 reaches the same server (RFC 8441)', async () => {
  const client = new Http2Client(new URL(await tidegate.url()).origin)
  await once(client.session, 'remoteSettings')
  const fields = { ':method': 'CONNECT', ':protocol': 'websocket', 'sec-websocket-version': '13' }
  const stream = client.request({ ...fields, ':scheme': 'http', ':authority': 'a' }, false)
  expect((await once(stream, 'response'))[0][':status']).toBe(200)
  // RFC 6455 5.2: a masked text frame of two bytes, by a mask of zeros.
  stream.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]))
  expect([...(await once(stream, 'data'))[0]]).toEqual([0x81, 0x02, 0x68, 0x69])
  client.session.destroy()
})
