import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

/** A small server whose capacity is known and costs next to no CPU: `--slots` requests at a time, each held for
 *  `--service-ms`, so slots / service-ms requests a second on any machine; `--cpu-ms` is what each costs in CPU. With `--exponential` that
 *  time is the mean of times drawn by chance. `x-waited-ms` and `x-served-ms` of an answer are how long its request waited for a slot and had one. Listens on
 *  $SERVER_HOST (127.0.0.1) at $PORT. */
const { values } = parseArgs({
  options: {
    slots: { type: 'string', default: '8' },
    'service-ms': { type: 'string', default: '50' },
    'cpu-ms': { type: 'string', default: '0' },
    exponential: { type: 'boolean', default: false },
    /** Before it listens: a slow start to try things with. */
    'start-ms': { type: 'string', default: '0' },
  },
})
const SLOTS = atLeast(1, 'slots', values.slots)
const SERVICE_MS = atLeast(0, 'service-ms', values['service-ms'])
const CPU_MS = atLeast(0, 'cpu-ms', values['cpu-ms'])
const START_MS = atLeast(0, 'start-ms', values['start-ms'])
const PORT = atLeast(0, 'PORT', process.env.PORT ?? '3000')
const ME = process.env.TIDEGATE_SERVER_ID ?? `process-${process.pid}`
/** Waiting requests; more are told to come back later. */
const QUEUE = 1024

interface Waiting {
  readonly res: ServerResponse
  readonly bytes: number
  readonly sinceAt: number
}
const queue: Waiting[] = []
let busy = 0
let stopping = false

const server = createServer(receive)
// Announced in Keep-Alive, and longer than a balancer keeps an idle connection: the balancer closes first.
server.keepAliveTimeout = 65_000

// Before anything else, so that a stop during the start is heard too.
process.on('SIGTERM', stop)
await sleep(START_MS)
server.listen(PORT, process.env.SERVER_HOST ?? '127.0.0.1')

function receive(req: IncomingMessage, res: ServerResponse): void {
  let bytes = 0
  req.on('data', (chunk: Buffer) => (bytes += chunk.length))
  req.on('end', () => {
    if (req.url === '/health') answer(res, 200, 'ok')
    else if (queue.length >= QUEUE) answer(res, 503, 'queue full')
    else {
      queue.push({ res, bytes, sinceAt: performance.now() })
      serve()
    }
  })
}

/** Takes the next request when a slot is free; those whose client has left need none. */
function serve(): void {
  if (busy >= SLOTS) return
  let next = queue.shift()
  while (next?.res.destroyed) next = queue.shift()
  if (!next) return
  const { res, bytes, sinceAt } = next
  const servedAt = performance.now()
  busy++
  setTimeout(() => {
    busy--
    work()
    res.setHeader('x-waited-ms', (servedAt - sinceAt).toFixed(1))
    res.setHeader('x-served-ms', (performance.now() - servedAt).toFixed(1))
    answer(res, 200, `hello from ${ME}, who received ${bytes} bytes`)
    serve()
  }, serviceMs())
}

function serviceMs(): number {
  return values.exponential ? -Math.log(1 - Math.random()) * SERVICE_MS : SERVICE_MS
}

function work(): void {
  const before = process.threadCpuUsage()
  const spentMs = () => {
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
  while (spentMs() < CPU_MS);
}

function answer(res: ServerResponse, status: number, text: string): void {
  const close = stopping ? { connection: 'close' } : {}
  const body = `${text}\n`
  const headers = { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body), 'x-server': ME }
  res.writeHead(status, { ...headers, ...close }).end(body)
}

/** Accepts no more, finishes what it holds, and ends when the last connection has closed. */
function stop(): void {
  if (!server.listening && !stopping) process.exit(0)
  stopping = true
  server.close()
}

function atLeast(least: number, name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  console.error(`${name}: expected a whole number of at least ${least}, not "${text}"`)
  process.exit(2)
}
