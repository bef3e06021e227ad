import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import type { Ports } from './subject.ts'

const HOST = '127.0.0.1'
/** One exchange in this many is broken off by its client. */
const KILLED = 20
const BODY = Buffer.alloc(20_000, 'b')
/** Nothing takes longer; what does is broken off and counted as stuck. */
const STUCK_MS = 10_000
const PAUSE_MS = 5
const EACH = 4

/** What came of the exchanges of one protocol. `broken` are expected: both sides are killed at random. `stuck` are not. */
export interface Count {
  done: number
  broken: number
  stuck: number
}

/** Whole, or broken off by somebody: both end. */
type Exchange = (ports: Ports, signal: AbortSignal) => Promise<boolean>

/** Runs clients of every protocol until told to stop; what came of their exchanges, by protocol. */
export async function runClients(ports: Ports, running: () => boolean): Promise<Record<string, Count>> {
  const agent = new Agent({ keepAlive: true, maxSockets: EACH })
  const post = (headers: Record<string, string | number>) => http(agent, 'POST', headers)
  const exchanges: Record<string, Exchange> = {
    'http1-get': http(agent, 'GET', {}),
    'http1-post': post({ 'content-length': BODY.length }),
    'http1-chunked': post({ 'transfer-encoding': 'chunked' }),
    'http2-tls': http2,
    websocket: (to, signal) => echo(to.http, signal, UPGRADE),
    tcp: (to, signal) => echo(to.tcp, signal, ''),
    udp: datagram,
  }
  const counts: Record<string, Count> = {}
  const clients = Object.entries(exchanges).flatMap(([name, exchange]) => {
    const count: Count = { done: 0, broken: 0, stuck: 0 }
    counts[name] = count
    return Array.from({ length: EACH }, () => repeat(() => counted(exchange, ports, count), running))
  })
  await Promise.all(clients)
  agent.destroy()
  return counts
}

async function repeat(step: () => Promise<void>, running: () => boolean): Promise<void> {
  while (running()) {
    await step()
    await new Promise((done) => setTimeout(done, Math.random() * PAUSE_MS))
  }
}

async function counted(exchange: Exchange, ports: Ports, count: Count): Promise<void> {
  const breaking = new AbortController()
  const breaks = Math.random() * KILLED < 1 ? Math.random() * PAUSE_MS : STUCK_MS
  let stuck = false
  const timer = setTimeout(() => {
    stuck = breaks === STUCK_MS
    breaking.abort()
  }, breaks)
  const whole = await exchange(ports, breaking.signal)
  clearTimeout(timer)
  if (stuck) count.stuck++
  else if (whole) count.done++
  else count.broken++
}

function http(agent: Agent, method: string, headers: Record<string, string | number>): Exchange {
  return (ports, signal) =>
    new Promise((done) => {
      const asking = request({ host: HOST, port: ports.http, agent, method, headers, signal })
      asking.on('error', () => done(false))
      asking.on('response', (response) => {
        response.on('error', () => done(false))
        response.on('close', () => done(response.complete && response.statusCode === 200))
        response.resume()
      })
      asking.end(method === 'POST' ? BODY : undefined)
    })
}

/** Ten streams of one session, half of them with a body. */
async function http2(ports: Ports, signal: AbortSignal): Promise<boolean> {
  const session = connectHttp2(`https://${HOST}:${ports.https}`, { rejectUnauthorized: false })
  session.on('error', () => {})
  const gone = new Promise<void>((done) => session.on('close', done))
  const kill = () => session.destroy()
  signal.addEventListener('abort', kill)
  const streams = Array.from({ length: 10 }, (_, nth) => {
    const fields = { ':path': '/', ':method': nth % 2 === 0 ? 'GET' : 'POST' }
    return new Promise<boolean>((done) => {
      const stream = session.request(fields, { endStream: nth % 2 === 0 })
      let status = 0
      stream.on('error', () => {})
      stream.on('response', (answer) => (status = Number(answer[':status'])))
      stream.on('close', () => done(status === 200 && stream.rstCode === 0))
      stream.resume()
      if (nth % 2 === 1) stream.end(BODY)
    })
  })
  const whole = (await Promise.all(streams)).every(Boolean)
  session.close()
  await gone
  signal.removeEventListener('abort', kill)
  return whole
}

const UPGRADE = `GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`

/** Hears what it said back, after the answer to an upgrade if it asks for one; leaves by an end or a reset. */
function echo(port: number, signal: AbortSignal, first: string): Promise<boolean> {
  return new Promise((done) => {
    const socket: Socket = connect({ host: HOST, port, noDelay: true })
    const kill = () => socket.resetAndDestroy()
    let heard = 0
    let begun = first === ''
    socket.on('error', () => socket.destroy())
    socket.on('connect', () => socket.write(begun ? BODY : first))
    socket.on('data', (chunk) => {
      if (!begun) {
        begun = true
        socket.write(BODY)
      } else if ((heard += chunk.length) >= BODY.length) socket.end()
    })
    signal.addEventListener('abort', kill)
    socket.on('close', () => {
      signal.removeEventListener('abort', kill)
      done(heard >= BODY.length)
    })
  })
}

/** A new source each time. A datagram may be lost: that counts as broken, not as stuck. */
async function datagram(ports: Ports, signal: AbortSignal): Promise<boolean> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  const answered = once(socket, 'message', { signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) })
  socket.send('ping', ports.udp, HOST)
  const whole = await answered.then(
    () => true,
    () => false,
  )
  socket.close()
  return whole
}
