import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ProbeCheck } from './attempt.ts'
import { finalHead } from './http1.ts'
import { probe } from './probe.ts'

const check: ProbeCheck = { type: 'http', path: '/health', expect: { from: 200, to: 399 }, timeoutMs: 5000 }
const never = new AbortController().signal
const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** A server that handles each connection so, and how its sockets ended. */
async function aServer(handle: (socket: Socket) => void) {
  const closed: Promise<unknown>[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    closed.push(new Promise((resolve) => socket.on('close', resolve)))
    handle(socket)
    socket.resume()
  })
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, closed }
}

function answering(text: string) {
  return aServer((socket) => socket.on('data', () => socket.write(text)))
}

test('an expected status passes, and the request names itself', async () => {
  let seen = ''
  const server = await aServer((socket) =>
    socket.on('data', (chunk) => {
      seen += chunk
      socket.write('HTTP/1.1 204 No Content\r\n\r\n')
    }),
  )
  const result = await probe(server, check, never)
  expect(result).toMatchObject({ ok: true, detail: 'status 204' })
  expect(seen).toBe(
    `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUser-Agent: tidegate-health\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  )
  await Promise.all(server.closed)
})

test.each([
  ['HTTP/1.1 503 Busy\r\n\r\n', 'status 503'],
  ['SSH-2.0-OpenSSH\r\n', 'the answer is not HTTP'],
  [`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}`, 'no end of the head in 16384 bytes'],
])('fails and closes its socket on %s', async (text, detail) => {
  const server = await answering(text)
  expect(await probe(server, check, never)).toMatchObject({ ok: false, detail })
  await Promise.all(server.closed)
})

test('fails when the connection ends before the answer', async () => {
  const server = await aServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 200')))
  expect(await probe(server, check, never)).toMatchObject({ ok: false })
})

test('a silent server fails at the timeout', async () => {
  const server = await aServer(() => {})
  const result = await probe(server, { ...check, timeoutMs: 20 }, never)
  expect(result).toMatchObject({ ok: false, detail: 'no answer within 20 ms' })
  await Promise.all(server.closed)
})

test('a refused connection fails, by HTTP and by TCP', async () => {
  const server = await aServer(() => {})
  await new Promise((resolve) => open.pop()!.close(resolve))
  expect(await probe(server, check, never)).toMatchObject({ ok: false })
  expect(await probe(server, { ...check, type: 'tcp' }, never)).toMatchObject({ ok: false })
})

test('TCP passes on connect', async () => {
  const server = await aServer(() => {})
  const result = await probe(server, { ...check, type: 'tcp' }, never)
  expect(result).toMatchObject({ ok: true, detail: 'connected' })
  await Promise.all(server.closed)
})

test('an abort ends it and its socket', async () => {
  const abort = new AbortController()
  const server = await aServer((socket) => socket.on('data', () => abort.abort()))
  expect(await probe(server, check, abort.signal)).toMatchObject({ ok: false, detail: 'cancelled' })
  await Promise.all(server.closed)
  expect(await probe(server, check, abort.signal)).toMatchObject({ ok: false, detail: 'cancelled' })
})

test('interim answers are passed over', () => {
  expect(finalHead('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 No\r\n\r\n')).toMatchObject({ status: 404 })
  expect(finalHead('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 20')).toBeNull()
  expect(finalHead('HT')).toBeNull()
  expect(finalHead('HTTP/1.1 twohundred\r\n\r\n')).toBe('malformed')
})
