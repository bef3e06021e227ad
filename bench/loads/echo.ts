import { connect } from 'node:net'

/** `echo PORT SECONDS CONNECTIONS BYTES`: each connection sends a message and waits until it is back. */
const [port = 0, seconds = 1, connections = 64, bytes = 130] = process.argv.slice(2).map(Number)
const message = Buffer.alloc(bytes, 'x')
const trips: number[] = []
let errors = 0
let ending = false

const startedAt = performance.now()
for (let n = 0; n < connections; n++) converse()
setTimeout(report, seconds * 1000)

function converse(): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let back = 0
  let sentAt = 0
  const send = () => {
    sentAt = performance.now()
    socket.write(message)
  }
  socket.on('connect', send)
  socket.on('data', (chunk) => {
    back += chunk.length
    if (back < bytes) return
    back = 0
    trips.push(performance.now() - sentAt)
    send()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    if (!ending) errors++
  })
}

function report(): void {
  ending = true
  const took = (performance.now() - startedAt) / 1000
  trips.sort((a, b) => a - b)
  const at = (share: number): number | null => trips[Math.floor(trips.length * share)] ?? null
  const load = { requests: trips.length, rps: trips.length / took, p50Ms: at(0.5), p99Ms: at(0.99), errors }
  process.stdout.write(JSON.stringify(load), () => process.exit())
}
