import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { POOL } from '../../src/gateway/lanes.ts'
import { answerOf, Http2Client, serveHttp2 } from '../kit/http2.ts'
import { TlsTraffic } from '../kit/tls-traffic.ts'
import { answering, atRest, cleanUp, gateway, HELLO, type Speak, serve, until } from '../kit/traffic.ts'

let tls: TlsTraffic
const clients: Http2Client[] = []
beforeAll(() => {
  tls = new TlsTraffic()
})
afterAll(() => tls.remove())
afterEach(async () => {
  for (const client of clients.splice(0)) client.session.destroy()
  await cleanUp()
})

function speak(...about: ConstructorParameters<typeof Http2Client>): Http2Client {
  const client = new Http2Client(...about)
  clients.push(client)
  return client
}

const SECURE = () => ({ ca: tls.authority.ca.cert, servername: 'web.test' })
const WEBSOCKET = { ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'http', ':authority': 'a' }

/** A server that agrees to a WebSocket and then says everything back. */
const echoing: Speak = (socket) => {
  socket.once('data', (chunk) => {
    const key = /sec-websocket-key: (.*)\r/i.exec(`${chunk}`)![1]
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nwelcome `,
    )
    socket.on('data', (data) => socket.write(data))
    socket.on('end', () => socket.end())
  })
}

test('over TLS a client is asked by ALPN, and servers hear of https', async () => {
  const traffic = await tls.secured()
  const client = speak(`https://127.0.0.1:${traffic.port}`, SECURE())
  const { status, body } = await client.get('/x')
  expect(status).toBe(200)
  expect(body).toMatch(/^GET \/x HTTP\/1.1\r\nhost: web.test:\d+\r\nX-Forwarded-Proto: https/)
  expect((await tls.shake(traffic, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('h2')
  const off = await tls.secured({}, { listener: { http2: null } })
  expect((await tls.shake(off, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1')
})

test('a TLS client that vanishes leaves nothing', async () => {
  const traffic = await tls.secured({}, { upstream: { idleMs: 0 } })
  const client = speak(`https://127.0.0.1:${traffic.port}`, SECURE())
  await client.get('/')
  client.session.destroy()
  await atRest(traffic)
})

test('a WebSocket runs over a stream (RFC 8441), and ends from either side', async () => {
  const server = await serve(echoing)
  const traffic = await gateway({ servers: [server.port] })
  const client = speak(`http://127.0.0.1:${traffic.port}`)
  await once(client.session, 'remoteSettings')
  expect(client.session.remoteSettings.enableConnectProtocol).toBe(true)
  const stream = client.request(WEBSOCKET, false)
  let heard = ''
  stream.on('data', (chunk) => (heard += chunk))
  const [fields] = await once(stream, 'response')
  expect(fields).toMatchObject({ ':status': 200 })
  expect(fields).not.toHaveProperty('sec-websocket-accept')
  stream.write('hello')
  await until(
    () => heard === 'welcome hello',
    () => `the echo in ${heard}`,
  )
  expect(traffic.gauges()).toMatchObject({ serverInFlight: 1, poolInFlight: 1 })
  stream.end()
  await once(stream, 'close')
  const second = client.request(WEBSOCKET, false)
  second.on('end', () => second.end()).resume()
  await once(second, 'response')
  for (const socket of server.sockets) socket.destroy()
  await once(second, 'close')
  client.session.destroy()
  await atRest(traffic)
})

test('a server that declines a WebSocket with a success is 502: to CONNECT it would open the tunnel', async () => {
  const server = await serve(answering(() => HELLO))
  const client = speak(`http://127.0.0.1:${(await gateway({ servers: [server.port] })).port}`)
  await once(client.session, 'remoteSettings')
  const answer = await answerOf(client.request(WEBSOCKET, false))
  expect(answer.status).toBe(502)
  expect(answer.body).not.toContain('hello')
})

test('the log and the counters know of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-log-'))
  const log = join(folder, 'access.log')
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port], accessLog: log })
  const client = speak(`http://127.0.0.1:${traffic.port}`)
  await client.get('/logged?x=1', { 'user-agent': 'test' })
  await traffic.server.drain(1_000)
  const line = JSON.parse(readFileSync(log, 'utf8').trim())
  rmSync(folder, { recursive: true })
  expect(line).toMatchObject({ protocol: 'HTTP/2', method: 'GET', path: '/logged?x=1', status: 200 })
  expect(traffic.reader.pool(0, POOL.requests)).toBe(1)
  expect(traffic.reader.pool(0, POOL.sentToClients)).toBeGreaterThan(40)
})

test('a retry sends the body that nobody has taken yet', async () => {
  let heard = ''
  const dead = await serve((socket) => socket.destroy())
  const port = dead.port
  dead.stop()
  const server = await serve((socket) =>
    socket.on('data', (chunk) => {
      heard += chunk
      if (heard.endsWith('0\r\n\r\n')) socket.write(HELLO)
    }),
  )
  const traffic = await gateway({ servers: [port, server.port] })
  const client = speak(`http://127.0.0.1:${traffic.port}`)
  for (let nth = 0; nth < 4; nth++) {
    heard = ''
    expect((await client.post('/', 'body')).status).toBe(200)
    expect(heard).toContain('\r\n4\r\nbody\r\n0\r\n\r\n')
  }
})

test('servers are asked for HTTP/2 by ALPN, and one that does not agree is not spoken to', async () => {
  const { cert, key } = tls.web
  const server = await serveHttp2(
    (stream, fields) => {
      stream.respond({ ':status': 200 })
      stream.end(`${fields[':scheme']}`)
    },
    { cert, key },
  )
  const keys = {
    id: '1',
    verify: true,
    ca: tls.authority.ca.cert,
    serverName: 'web.test',
    cert: null,
    key: null,
  }
  const about = { upstream: { protocol: 'http2' }, pool: { keys } } as const
  const traffic = await gateway({ servers: [server.port], ...about })
  expect(await speak(`http://127.0.0.1:${traffic.port}`).get('/')).toMatchObject({
    status: 200,
    body: 'https',
  })
  const older = await tls.secured({}, { listener: { http2: null } })
  const deaf = await gateway({ servers: [older.port], ...about })
  expect(await speak(`http://127.0.0.1:${deaf.port}`).get('/')).toMatchObject({ status: 502 })
  server.stop()
})
