import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { parseArgs } from 'node:util'

/** A load that rises and falls like a tide. Open-loop: requests leave on schedule whatever the answers do, so that
 *  slowness shows as latency and not as less load. With `--json` one line a second on stdout: counts since the start,
 *  latencies of that second's answers. Ends with its period (unless `--repeat`), a signal, or its parent. */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080/' },
    /** Requests a second at the bottom and at the top. */
    low: { type: 'string', default: '40' },
    high: { type: 'string', default: '900' },
    /** From bottom to top and back, in seconds: 120s. */
    period: { type: 'string', default: '120s' },
    repeat: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const PERIOD_MS = 1000 * number('period', values.period.replace(/s$/, ''))
const LOW = number('low', values.low)
const HIGH = number('high', values.high)
const URL_TO_ASK = new URL(values.url)

const TICK_MS = 10
/** After a pause of this machine the load goes on from where it is; nobody would send a minute's load at once. */
const CATCH_UP_MS = 250
/** A failed request: refused, reset, truncated, over 10 s, or at least 500 and not sent by a server. */
const TOO_LONG_MS = 10_000
const POST_EVERY = 10
const BODY = 'the tide is coming in'

interface Exchange {
  readonly dueAt: number
  readonly req: ClientRequest
}

// Idle sockets are closed here first, well before a gateway would, so that none is closed as it is being used.
const agent = new Agent({ keepAlive: true, maxSockets: 1024, maxFreeSockets: 1024, timeout: 4000 })
/** Oldest first, because a Set keeps the order of insertion. */
const inFlight = new Set<Exchange>()
const startedAt = performance.now()
const parent = process.ppid
let latencies: number[] = []
let [sent, ok, failed] = [0, 0, 0]
let owed = 0
let lastAt = startedAt
let ending = false

const ticking = setInterval(tick, TICK_MS)
const reporting = setInterval(everySecond, 1000)
process.on('SIGTERM', end)
process.on('SIGINT', end)
// Whoever read it has gone.
process.stdout.on('error', () => process.exit(0))

/** Raised cosine: begins at the bottom, reaches the top after half a period. */
function target(now: number): number {
  return LOW + ((HIGH - LOW) * (1 - Math.cos((2 * Math.PI * (now - startedAt)) / PERIOD_MS))) / 2
}

function tick(): void {
  const now = performance.now()
  if (!values.repeat && now - startedAt >= PERIOD_MS) {
    end()
    return
  }
  owed += (target(now) * Math.min(CATCH_UP_MS, now - lastAt)) / 1000
  lastAt = now
  for (; owed >= 1; owed--) send(now)
}

function send(dueAt: number): void {
  const posts = sent++ % POST_EVERY === POST_EVERY - 1
  const headers = posts ? { 'content-type': 'text/plain', 'content-length': BODY.length } : {}
  const req = request(URL_TO_ASK, { agent, method: posts ? 'POST' : 'GET', headers }, (res) => {
    res.resume()
    res.on('error', () => {})
    res.on('close', () => settle(exchange, isGood(res)))
  })
  const exchange: Exchange = { dueAt, req }
  inFlight.add(exchange)
  req.on('error', () => settle(exchange, false))
  req.end(posts ? BODY : undefined)
}

function isGood(res: IncomingMessage): boolean {
  return res.complete && ((res.statusCode ?? 500) < 500 || res.headers['x-server'] !== undefined)
}

/** Once an exchange: an error and a close may both tell of the same end. */
function settle(exchange: Exchange, good: boolean): void {
  if (!inFlight.delete(exchange)) return
  if (good) ok++
  else failed++
  if (good) latencies.push(performance.now() - exchange.dueAt)
  if (ending && inFlight.size === 0) finish()
}

function everySecond(): void {
  const now = performance.now()
  for (const exchange of inFlight) {
    if (now - exchange.dueAt < TOO_LONG_MS) break
    settle(exchange, false)
    exchange.req.destroy()
  }
  report()
  if (process.ppid !== parent) process.exit(0)
}

function report(): void {
  if (!values.json) return
  const sorted = latencies.sort((a, b) => a - b)
  latencies = []
  const at = (share: number): number | null => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
    return value === undefined ? null : Number(value.toFixed(1))
  }
  const line = {
    at: Date.now(),
    target: ending ? 0 : Math.round(target(performance.now())),
    sent,
    ok,
    failed,
    inFlight: inFlight.size,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Sends no more and waits for the answers, at most 10 s; asked twice, it waits for none. */
function end(): void {
  if (ending) process.exit(0)
  ending = true
  clearInterval(ticking)
  if (inFlight.size === 0) finish()
}

function finish(): void {
  clearInterval(reporting)
  report()
  agent.destroy()
  process.removeListener('SIGTERM', end)
  process.removeListener('SIGINT', end)
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (text !== '' && Number.isFinite(value) && value >= 0) return value
  console.error(`--${name}: expected a number, not "${text}"`)
  process.exit(2)
}
