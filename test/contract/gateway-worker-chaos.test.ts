import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  answering,
  atRest,
  cleanUp,
  closedPort,
  GET,
  gateway,
  HELLO,
  serve,
  type Traffic,
} from '../kit/traffic.ts'

afterEach(cleanUp)

const CONNECTIONS = 1000
const AT_ONCE = 50

/** Mulberry32: the same run for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const REQUESTS = [
  GET,
  GET.repeat(5),
  GET.slice(0, 20),
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf',
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n${'x'.repeat(200_000)}`,
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n',
  'GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nmore',
  'nonsense\r\n\r\n',
  '',
]

const LARGE = `HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${'y'.repeat(300_000)}`
const ANSWERS = [
  HELLO,
  LARGE,
  LARGE.slice(0, 100_000),
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'junk\r\n\r\n',
  'HTTP/1.1 200',
]

/** Answers anything with anything, ends, resets or says nothing. */
function unruly(rng: () => number) {
  return (socket: Socket): void => {
    socket.on('data', () => {
      const mood = rng()
      if (mood < 0.1) socket.destroy()
      else if (mood < 0.15) socket.resetAndDestroy()
      else if (mood < 0.2) socket.end(HELLO)
      else if (mood < 0.9) socket.write(ANSWERS[Math.floor(rng() * ANSWERS.length)]!)
    })
    socket.on('end', () => socket.end())
  }
}

/** One client that sends something and leaves at some moment, by an end, a close or a reset. */
function rudeClient(port: number, rng: () => number): Promise<void> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => done())
    if (rng() < 0.7) socket.resume()
    const request = REQUESTS[Math.floor(rng() * REQUESTS.length)]!
    const split = Math.floor(rng() * request.length)
    socket.write(request.slice(0, split))
    setTimeout(() => socket.writable && socket.write(request.slice(split)), rng() * 5)
    setTimeout(() => {
      const how = rng()
      if (how < 0.3) socket.resetAndDestroy()
      else if (how < 0.9) socket.destroy()
      else {
        socket.end()
        setTimeout(() => socket.destroy(), 20)
      }
    }, rng() * 30)
  })
}

async function storm(traffic: Traffic, rng: () => number): Promise<void> {
  for (let left = CONNECTIONS; left > 0; left -= AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => rudeClient(traffic.port, rng)))
  }
}

test.each(['http' as const, 'tcp' as const])(
  '%s: 1,000 connections closed at random moments leave no socket, timer or count behind',
  async (protocol) => {
    const rng = seeded(7)
    const servers = [await serve(unruly(rng)), await serve(unruly(rng)), await serve(answering(() => HELLO))]
    const ports = [...servers.map((server) => server.port), await closedPort()]
    const traffic = await gateway({ servers: ports, protocol })
    await storm(traffic, rng)
    traffic.server.closeIdle([0, 1, 2, 3])
    await atRest(traffic)
    expect(servers.every((server) => server.accepted > 0)).toBe(true)
    // And it still works.
    traffic.weights.set(0, 0)
    traffic.weights.set(1, 0)
    const heard = await new Promise<string>((done) => {
      const socket = connect({ host: '127.0.0.1', port: traffic.port })
      socket.write(GET)
      socket.once('data', (chunk) => {
        socket.destroy()
        done(chunk.toString())
      })
    })
    expect(heard).toMatch(/^HTTP\/1\.1 200 [\s\S]*hello$/)
  },
)
