import { connect, type Socket } from 'node:net'
import type { Load } from '../kit/wrk.ts'

/** `paced PORT SECONDS RATE CONNECTIONS`: that many requests a second whether or not answers come (an open loop). A request's time counts
 *  from the moment it should have been sent, so that waiting for a free connection is not forgotten. What falls due between two wake-ups
 *  of this process (about a millisecond apart) counts from the second: its own lateness is not the proxy's. */
const [port = 0, seconds = 1, rate = 1000, connections = 64] = process.argv.slice(2).map(Number)
const REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: bench\r\n\r\n')
/** Beyond it the rate cannot be held, and the oldest waits stand for the rest. */
const MOST_WAITING = 100_000

const free: Socket[] = []
const sentAt = new Map<Socket, number>()
const waiting: number[] = []
const times: number[] = []
let errors = 0
let answerBytes = 0

for (let n = 0; n < connections; n++) free.push(await open())
const startedAt = performance.now()
let due = 0
const pace = setInterval(tick, 1)

function tick(): void {
  const now = performance.now()
  const elapsed = (now - startedAt) / 1000
  if (elapsed >= seconds) {
    finish(elapsed)
    return
  }
  for (; due < elapsed * rate; due++) {
    if (waiting.length < MOST_WAITING) waiting.push(now)
    else errors++
  }
  while (waiting.length > 0 && free.length > 0) ask(free.pop()!, waiting.shift()!)
}

function ask(socket: Socket, since: number): void {
  sentAt.set(socket, since)
  socket.write(REQUEST)
}

/** With its first answer, whose length all others must have. */
function open(): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(REQUEST))
    let first: string | null = ''
    let received = 0
    socket.on('data', (chunk) => {
      received += chunk.length
      if (first !== null) {
        first += chunk.toString('latin1')
        if (received < lengthOf(first)) return
        answerBytes = received
        first = null
        received = 0
        done(socket)
      } else if (received >= answerBytes) {
        received = 0
        answered(socket)
      }
    })
    socket.on('error', fail)
    socket.on('close', () => errors++)
  })
}

/** Of an answer that has begun like this, head and body. */
function lengthOf(text: string): number {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return Number.POSITIVE_INFINITY
  return head + 4 + Number(/content-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
}

function answered(socket: Socket): void {
  times.push(performance.now() - sentAt.get(socket)!)
  const next = waiting.shift()
  if (next === undefined) free.push(socket)
  else ask(socket, next)
}

function finish(elapsed: number): void {
  clearInterval(pace)
  // What is still open has waited at least until now.
  for (const since of waiting) times.push(performance.now() - since)
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN
  const requests = times.length
  const load: Load = { requests, rps: requests / elapsed, p50Ms: at(0.5), p99Ms: at(0.99), errors }
  process.stdout.write(JSON.stringify(load), () => process.exit())
}
