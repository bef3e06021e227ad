import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
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

/** Answers `/SIZE/NUMBER`: of known length and at once, or in chunks that come one by one. */
async function origin(framing: 'sized' | 'chunked'): Promise<number> {
  const server = createServer(async (request, response) => {
    const [, size, number] = request.url!.split('/').map(Number)
    const body = placed(size!, number!)
    if (framing === 'sized') response.setHeader('content-length', body.length)
    for (let at = 0; at < body.length; at += 20_000) {
      response.write(body.subarray(at, at + 20_000))
      if (framing === 'chunked') await sleep(0)
    }
    response.end()
  })
  open.push(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

type Fetch = (path: string, isSlow: boolean) => Promise<string>

async function hashed(body: AsyncIterable<Buffer>, isSlow: boolean): Promise<string> {
  const hash = createHash('sha1')
  // Long enough for all buffers on the way to be full, if the answer is: from then on the gateway's writes wait.
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
