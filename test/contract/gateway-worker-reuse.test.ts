import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage, type RequestListener, request } from 'node:http'
import { connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { cleanUp, gateway } from '../kit/traffic.ts'

const open: (() => void)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) close()
  await cleanUp()
})

/** Bytes that tell where they stand and whose they are: every eight of them are their place and the answer's number. */
function placed(total: number, number: number): Buffer {
  const bytes = Buffer.alloc(total)
  for (let at = 0; at + 8 <= total; at += 8) {
    bytes.writeUInt32BE(at, at)
    bytes.writeUInt32BE(number, at + 4)
  }
  return bytes
}

const hashOf = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex')

async function serving(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  open.push(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** Answers `/SIZE/NUMBER`: of known length and at once, or in chunks that come one by one. */
function origin(framing: 'sized' | 'chunked'): Promise<number> {
  return serving(async (request, response) => {
    const [, size, number] = request.url!.split('/').map(Number)
    const body = placed(size!, number!)
    if (framing === 'sized') response.setHeader('content-length', body.length)
    for (let at = 0; at < body.length; at += 20_000) {
      response.write(body.subarray(at, at + 20_000))
      if (framing === 'chunked') await sleep(0)
    }
    response.end()
  })
}

/** Answers with the hash of what it was sent. To `/slow` it listens late. */
function hashingOrigin(): Promise<number> {
  return serving(async (request, response) => {
    response.end(await hashed(request, request.url === '/slow'))
  })
}

type Fetch = (path: string, isSlow: boolean) => Promise<string>

async function hashed(body: AsyncIterable<Buffer>, isSlow: boolean): Promise<string> {
  const hash = createHash('sha1')
  // Long enough for all buffers on the way to be full, if there is so much: from then on the gateway's writes wait.
  if (isSlow) await sleep(1_000)
  for await (const part of body) hash.update(part)
  return hash.digest('hex')
}

function http1Client(port: number): Fetch {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  open.push(() => agent.destroy())
  return async (path, isSlow) => {
    const [response] = (await once(get({ port, host: '127.0.0.1', path, agent }), 'response')) as [
      IncomingMessage,
    ]
    return hashed(response, isSlow)
  }
}

function http2Client(port: number): Fetch {
  const session = connect(`http://127.0.0.1:${port}`)
  open.push(() => session.destroy())
  return (path, isSlow) => hashed(session.request({ ':path': path }), isSlow)
}

test.each([
  { framing: 'sized', version: '1.1', clientOf: http1Client },
  { framing: 'chunked', version: '1.1', clientOf: http1Client },
  { framing: 'sized', version: '2', clientOf: http2Client },
  { framing: 'chunked', version: '2', clientOf: http2Client },
] as const)(
  'no byte of a $framing answer is read over before its client has it by HTTP/$version',
  async ({ framing, clientOf }) => {
    const { port } = await gateway({ servers: [await origin(framing)] })
    let number = 0
    const clients = Array.from({ length: 4 }, async (_, nth) => {
      const fetched = clientOf(port)
      for (const size of [64, 4_000, 20_000, 12_000_000, 100, 70_000]) {
        const mine = ++number
        const isSlow = nth % 2 === 0 && size > 1_000_000
        expect(await fetched(`/${size}/${mine}`, isSlow)).toBe(hashOf(placed(size, mine)))
      }
    })
    await Promise.all(clients)
  },
)

/** So much comes in one event, and is more than is copied: a part may wait to be written while the next one is read. */
const PART_BYTES = 10_000

/** Sends a body bit by bit, of known length or not; gives the text of the answer. */
async function posted(about: { port: number; agent: Agent; path: string }, body: Buffer, isSized: boolean) {
  const posting = request({ ...about, host: '127.0.0.1', method: 'POST' })
  if (isSized) posting.setHeader('content-length', body.length)
  const answered = once(posting, 'response') as Promise<[IncomingMessage]>
  for (let at = 0; at < body.length; at += PART_BYTES) {
    if (!posting.write(body.subarray(at, at + PART_BYTES))) await once(posting, 'drain')
    await sleep(0)
  }
  posting.end()
  const [response] = await answered
  return (await response.toArray()).join('')
}

test.each(['sized', 'chunked'] as const)(
  'no byte of a %s request is read over before its server has it',
  async (framing) => {
    const { port } = await gateway({ servers: [await hashingOrigin()] })
    const clients = Array.from({ length: 4 }, async (_, nth) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      open.push(() => agent.destroy())
      for (const size of [64, 4_000, 20_000, 12_000_000, 100, 70_000]) {
        const body = placed(size, nth)
        const path = nth % 2 === 0 && size > 1_000_000 ? '/slow' : '/'
        expect(await posted({ port, agent, path }, body, framing === 'sized')).toBe(hashOf(body))
      }
    })
    await Promise.all(clients)
  },
)
