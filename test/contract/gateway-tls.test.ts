import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ConnectionOptions, connect, createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ServerTls } from '../../src/core/tls.ts'
import { LISTENER, POOL } from '../../src/gateway/lanes.ts'
import { hears, TlsTraffic } from '../kit/tls-traffic.ts'
import { answering, atRest, cleanUp, dial, GET, gateway, HELLO, serve, until } from '../kit/traffic.ts'

let tls: TlsTraffic
beforeAll(() => {
  tls = new TlsTraffic()
})
afterAll(() => tls.remove())
afterEach(cleanUp)

const towards = (over: Partial<ServerTls> = {}): ServerTls => ({
  id: JSON.stringify(over),
  verify: true,
  ca: tls.authority.ca.cert,
  serverName: 'web.test',
  cert: null,
  key: null,
  ...over,
})

test('the certificate follows the name: exact, wildcard, and the first one for others', async () => {
  const traffic = await tls.secured()
  const subjects: Record<string, string | undefined> = {}
  for (const servername of ['web.test', 'a.web.test', 'other.test', 'unknown.test', '']) {
    const socket = await tls.shake(traffic, { servername, rejectUnauthorized: false })
    subjects[servername] = socket.getPeerX509Certificate()?.subject
    socket.destroy()
  }
  expect(subjects).toEqual({
    'web.test': 'CN=web.test',
    'a.web.test': 'CN=web.test',
    'other.test': 'CN=other.test',
    'unknown.test': 'CN=web.test',
    '': 'CN=web.test',
  })
})

test('servers hear that the client came by https', async () => {
  const socket = await tls.shake(await tls.secured())
  const heard = await hears(socket, GET, '\r\n\r\nGET')
  expect(heard).toContain('X-Forwarded-Proto: https\r\n')
  expect(socket.alpnProtocol).toBe(false)
  socket.destroy()
})

test('a session is resumed, by either certificate and over either version', async () => {
  const traffic = await tls.secured()
  for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
    const session = await tls.sessionOf(traffic, { maxVersion })
    const second = await tls.shake(traffic, { maxVersion, session })
    await hears(second, GET, 'GET')
    expect(second.isSessionReused()).toBe(true)
    second.destroy()
  }
  await until(
    () => traffic.reader.listener(0, LISTENER.tlsResumed) === 2,
    () => 'two sessions resumed',
  )
})

test('the group that the gateway reports is the one that the client has seen', async () => {
  const cases: ConnectionOptions[] = [
    {},
    { ecdhCurve: 'X25519' },
    { ecdhCurve: 'P-256:X25519' },
    { ecdhCurve: 'P-384:P-256' },
    { ecdhCurve: 'P-521:P-384' },
    // With two shares (OpenSSL's star), the gateway's preference decides; a share of P-521 alone is answered with another wish.
    { ecdhCurve: '*P-256:*X25519' },
    { ecdhCurve: '*P-384:*P-256:X25519MLKEM768' },
    { ecdhCurve: '*P-521:P-256:X25519:X25519MLKEM768' },
    { ecdhCurve: 'P-384:P-256', maxVersion: 'TLSv1.2' },
    { ecdhCurve: 'P-521:P-384:P-256', maxVersion: 'TLSv1.2' },
    { maxVersion: 'TLSv1.2' },
  ]
  const names: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384' }
  const seen: Record<string, number> = {}
  const traffic = await tls.secured()
  for (const options of cases) {
    const socket = await tls.shake(traffic, options)
    const { name } = socket.getEphemeralKeyInfo() as { name: string }
    const group = names[name] ?? name
    seen[group] = (seen[group] ?? 0) + 1
    await hears(socket, GET, 'GET')
    socket.destroy()
  }
  const groups = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'X25519', 'P-256', 'P-384', 'P-521', 'none']
  const counted = traffic.reader
    .listenerTls(0)
    .flatMap((count, at) => (count > 0 ? [[groups[at], count]] : []))
  expect(Object.fromEntries(counted)).toEqual(seen)
  expect(seen.X25519MLKEM768).toBe(2)
})

test('an older TLS than allowed is refused, and counted', async () => {
  const traffic = await tls.secured({ minVersion: 'TLSv1.3' })
  const socket = await tls.shake(traffic, { maxVersion: 'TLSv1.2' }).catch((error) => error)
  expect(socket.message).toMatch(/alert|version/i)
  await until(
    () => traffic.reader.listener(0, LISTENER.tlsFailed) === 1,
    () => 'one failure',
  )
})

test('only the groups that the listener has are agreed on, the preferred one first', async () => {
  const traffic = await tls.secured({ groups: ['P-384', 'X25519'] })
  const socket = await tls.shake(traffic, { ecdhCurve: '*X25519:*P-384' })
  expect(socket.getEphemeralKeyInfo()).toMatchObject({ name: 'secp384r1' })
  socket.destroy()
  await expect(tls.shake(traffic, { ecdhCurve: 'P-256' })).rejects.toThrow(/handshake failure/)
})

test('nobody asks for a second handshake in one connection', async () => {
  const traffic = await tls.secured()
  const socket = await tls.shake(traffic, { maxVersion: 'TLSv1.2' })
  socket.renegotiate({}, () => {})
  await until(
    () => socket.destroyed,
    () => 'the end of the connection',
  )
  await atRest(traffic)
})

test('whoever speaks HTTP, nothing or nonsense instead of TLS is let go', async () => {
  const traffic = await tls.secured({ handshakeMs: 200 })
  const plain = await dial(traffic)
  expect(await plain.send(GET).hearsEnd()).toMatch(/^HTTP\/1\.1 400 [\s\S]*https/)
  const nonsense = await dial(traffic)
  expect(await nonsense.send('\x00\x01\x02').hearsEnd()).toBe('')
  const silent = await dial(traffic)
  expect(await silent.hearsEnd()).toBe('')
  const half = await dial(traffic)
  expect(await half.send('\x16\x03\x01\x02\x00\x01').hearsEnd()).toBe('')
  expect(traffic.reader.listener(0, LISTENER.tlsFailed)).toBe(4)
  await atRest(traffic)
})

test('a hello that comes byte by byte is read', async () => {
  const traffic = await tls.secured()
  const { createServer, connect: plainly } = await import('node:net')
  const drip = createServer((from) => {
    const to = plainly(traffic.port, '127.0.0.1')
    let first = true
    from.on('data', async (chunk: Buffer) => {
      if (!first) return void to.write(chunk)
      first = false
      for (let at = 0; at < chunk.length; at += 97) {
        to.write(chunk.subarray(at, at + 97))
        await new Promise((done) => setTimeout(done, 1))
      }
    })
    to.pipe(from)
    for (const socket of [from, to]) socket.on('error', () => {})
    from.on('close', () => to.destroy())
  })
  await once(drip.listen(0, '127.0.0.1'), 'listening')
  const socket = connect({
    port: (drip.address() as AddressInfo).port,
    servername: 'web.test',
    ca: tls.authority.ca.cert,
  })
  expect(await hears(socket, GET, '\r\n\r\nGET')).toContain(' 200 ')
  socket.destroy()
  drip.close()
})

test('new keys serve new connections, and old connections stay', async () => {
  const traffic = await tls.secured()
  const socket = await tls.shake(traffic)
  await hears(socket, GET, 'GET')
  const snapshot = traffic.snapshot(traffic.options.servers)
  const renewed = tls.keys({
    id: 'renewed',
    certificates: [{ names: [], cert: tls.other.cert, key: tls.other.key }],
  })
  await traffic.server.apply({
    ...snapshot,
    listeners: snapshot.listeners.map((one) => ({ ...one, keys: renewed })),
  })
  const next = await tls.shake(traffic, { rejectUnauthorized: false })
  expect(next.getPeerX509Certificate()?.subject).toBe('CN=other.test')
  expect(await hears(socket, GET, '\r\n\r\nGET')).toContain(' 200 ')
  for (const one of [socket, next]) one.destroy()
})

test('tls terminates into plain bytes, and passes through to the server that the name asks for', async () => {
  const server = await serve((socket) => {
    socket.on('data', (chunk) => socket.write(`[${chunk}]`))
    socket.on('end', () => socket.end())
  })
  const terminated = await gateway({
    servers: [server.port],
    protocol: 'tls',
    listener: { keys: tls.keys() },
  })
  const socket = await tls.shake(terminated)
  expect(await hears(socket, 'one', '[one]')).toBe('[one]')
  socket.destroy()
  await until(
    () => terminated.reader.serverInFlight(0) === 0,
    () => 'the end of the tunnel',
  )
  const secret = await tls.secured()
  const passing = await gateway({
    servers: [secret.port],
    protocol: 'tls',
    listener: { keys: tls.keys({ certificates: [] }), pool: null },
    rules: [{ match: { host: 'web.test' }, action: { kind: 'pool', pool: 'main' } }],
  })
  const through = await tls.shake(passing)
  expect(await hears(through, GET, '\r\n\r\nGET')).toContain(' 200 ')
  const lost = await tls.shake(passing, { servername: 'other.test' }).catch(() => null)
  expect(lost === null || lost.destroyed).toBe(true)
  through.destroy()
})

test('servers are spoken to in TLS: verified, with the gateway’s own certificate, and sessions are resumed', async () => {
  const subjects: (string | undefined)[] = []
  const own = { cert: tls.client.cert, key: tls.client.key }
  const server = createTlsServer(
    { cert: tls.web.cert, key: tls.web.key, ca: tls.authority.ca.cert, requestCert: true },
    (socket) => {
      subjects.push(socket.getPeerX509Certificate()?.subject)
      socket.on('error', () => {})
      answering(() => HELLO.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))(socket)
      socket.on('data', () => socket.end())
    },
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const traffic = await gateway({
    servers: [port],
    pool: { keys: towards(own) },
  })
  const plain = await dial(traffic)
  for (let n = 0; n < 3; n++) await plain.forget().send(GET).hears('hello')
  expect(subjects).toEqual(['CN=client', 'CN=client', 'CN=client'])
  expect(traffic.reader.pool(0, POOL.tlsResumed)).toBe(2)
  expect(traffic.reader.poolTls(0)[0]).toBe(3)
  const wrong = await gateway({
    servers: [port],
    retries: 0,
    pool: { keys: towards({ ...own, serverName: 'wrong.test' }) },
  })
  const warned: string[] = []
  wrong.server.context.log = (message) => warned.push(message)
  const refused = await dial(wrong)
  expect(await refused.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /)
  expect(warned.join()).toMatch(/TLS to 127\.0\.0\.1:\d+ failed: .*wrong\.test/)
  const blind = await gateway({
    servers: [port],
    pool: { keys: towards({ ...own, serverName: 'wrong.test', verify: false }) },
  })
  await (await dial(blind)).send(GET).hears('hello')
  server.close()
})

test('answers over TLS keep the connection, stream, and end with it', async () => {
  const traffic = await tls.secured()
  const socket = await tls.shake(traffic)
  for (let n = 0; n < 5; n++) expect(await hears(socket, GET, '\r\n\r\nGET')).toContain(' 200 ')
  socket.destroy()
  await until(
    () => traffic.reader.listenerConnections(0) === 0,
    () => 'the end of the connection',
  )
  await atRest(traffic)
})

test('over TLS, a tunnel ends one way at a time, whatever protocol the client names', async () => {
  const server = await serve((socket) => {
    socket.on('data', (chunk) => socket.write(`[${chunk}]`))
    socket.on('end', () => socket.end('[end]'))
  })
  const traffic = await gateway({ servers: [server.port], protocol: 'tls', listener: { keys: tls.keys() } })
  const socket = await tls.shake(traffic, { ALPNProtocols: ['amqp'] })
  expect(socket.alpnProtocol).toBe(false)
  await hears(socket, 'one', '[one]')
  let heard = ''
  socket.on('data', (chunk) => (heard += chunk))
  socket.end()
  await until(
    () => heard === '[end]' && socket.destroyed,
    () => `the end, after ${heard}`,
  )
  await atRest(traffic)
})

test('a client that speaks no protocol of the gateway is told so', async () => {
  const traffic = await tls.secured()
  await expect(tls.shake(traffic, { ALPNProtocols: ['spdy/3'] })).rejects.toThrow(/no application protocol/)
  await atRest(traffic)
})
