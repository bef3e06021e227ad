import { type ConnectionOptions, connect } from 'node:tls'
import type { Load } from '../kit/wrk.ts'

/** `handshakes PORT SECONDS full|resumed GROUP CIPHER`: one request a connection, one connection after the other in each of 8 lines.
 *  `resumed` shows the ticket of the connection before (TLS 1.3 tickets serve once). */
const LINES = 8
const [port = '', seconds = '1', kind = 'full', ecdhCurve = '', ciphers = ''] = process.argv.slice(2)
const options: ConnectionOptions = {
  port: Number(port),
  host: '127.0.0.1',
  servername: 'localhost',
  rejectUnauthorized: false,
  minVersion: 'TLSv1.3',
  ALPNProtocols: ['http/1.1'],
  ecdhCurve,
  ciphers,
}
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
const times: number[] = []
let errors = 0
const startedAt = performance.now()
const until = startedAt + Number(seconds) * 1000

await Promise.all(Array.from({ length: LINES }, line))
times.sort((a, b) => a - b)
const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN
const rps = times.length / ((performance.now() - startedAt) / 1000)
const load: Load = { requests: times.length, rps, p50Ms: at(0.5), p99Ms: at(0.99), errors }
process.stdout.write(JSON.stringify(load))

async function line(): Promise<void> {
  // The first of a line has no ticket yet and does not count where tickets are asked for.
  let ticket = kind === 'resumed' ? await visit(null).catch(() => null) : null
  while (performance.now() < until) {
    const connectedAt = performance.now()
    try {
      const next = await visit(ticket)
      times.push(performance.now() - connectedAt)
      if (kind === 'resumed') ticket = next
    } catch {
      errors++
    }
  }
}

/** Resolves with the last ticket that the connection brought, once its answer has ended. Rejects unless the handshake was of the kind
 *  asked for and the answer a good one. */
function visit(session: Buffer | null): Promise<Buffer | null> {
  return new Promise((done, fail) => {
    let ticket: Buffer | null = null
    let answer = ''
    let resumed = false
    const socket = connect({ ...options, ...(session && { session }) }, () => {
      resumed = socket.isSessionReused()
      socket.write(REQUEST)
    })
    socket.on('session', (next: Buffer) => (ticket = next))
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('error', fail)
    socket.on('close', () => {
      if (resumed !== (session !== null)) fail(new Error(`resumed: ${resumed}`))
      else if (!answer.startsWith('HTTP/1.1 200')) fail(new Error(answer.slice(0, 20)))
      else done(ticket)
    })
  })
}
