import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { nodeTransport, Unsent } from './transport.ts'

const never = new AbortController().signal
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
const closers: (() => Promise<void>)[] = []

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function post(url: string, { body = '', signal = never } = {}) {
  return nodeTransport({ method: 'POST', url, headers: { 'x-acs-action': 'Do' }, body }, signal)
}

test('sends method, headers and body, and reads the answer whole', async () => {
  const url = await serve(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.writeHead(503, { 'x-acs-request-id': 'r' })
    response.write(`${request.method} ${request.url} ${request.headers['x-acs-action']} `)
    response.end(Buffer.concat(chunks))
  })
  const answer = await post(`${url}/?a=%2A`, { body: 'b=\u4e2d' })
  expect(answer).toMatchObject({
    status: 503,
    text: 'POST /?a=%2A Do b=\u4e2d',
    headers: { 'x-acs-request-id': 'r' },
  })
})

test('nothing was sent where nobody listens', async () => {
  const url = await serve(() => {})
  await closers.pop()?.()
  await expect(post(url)).rejects.toThrow(Unsent)
})

test('nothing was sent where TLS cannot be agreed', async () => {
  const server = createTcpServer(
    (socket) =>
      void socket
        .on('error', () => {})
        .resume()
        .end('no TLS here'),
  )
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => void server.close(() => resolve())))
  await expect(post(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)).rejects.toThrow(Unsent)
})

test.each<[string, (response: ServerResponse) => void]>([
  ['before the answer', (response) => void response.destroy()],
  [
    'within the answer',
    (response) => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('{', () => response.destroy())
    },
  ],
])('a connection that ends %s may have done its work', async (_, end) => {
  const url = await serve((_request, response) => end(response))
  const error = await post(url).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(error).not.toBeInstanceOf(Unsent)
})

test('ends with the reason of the signal', async () => {
  const stop = new AbortController()
  const url = await serve(() => stop.abort(new Error('enough')))
  await expect(post(url, { signal: stop.signal })).rejects.toThrow('enough')
})

test('refuses an answer without end', async () => {
  const mebibyte = Buffer.alloc(1024 * 1024)
  const url = await serve((_request, response) => {
    const more = (error?: Error | null) => {
      if (!error) response.write(mebibyte, more)
    }
    more()
  })
  await expect(post(url)).rejects.toThrow('larger than')
})
