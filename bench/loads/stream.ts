import { connect } from 'node:net'

/** `stream PORT bulk|download|upload BYTES`: moves so many bytes over one connection and says how long that took, in ms. Reads go into one
 *  buffer, so that the generator costs little. */
const [port = '', kind = '', size = '0'] = process.argv.slice(2)
const bytes = Number(size)
const BLOCK = Buffer.alloc(256 * 1024, 'x')
const ASK: Record<string, string> = {
  bulk: `${bytes}\n`,
  download: `GET /${bytes} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n`,
  upload: `PUT / HTTP/1.1\r\nHost: bench\r\nContent-Length: ${bytes}\r\nConnection: close\r\n\r\n`,
}
const startedAt = performance.now()
let received = 0
let tail = ''
let left = kind === 'upload' ? bytes : 0

const socket = connect({
  port: Number(port),
  host: '127.0.0.1',
  onread: {
    buffer: Buffer.alloc(256 * 1024),
    callback: (length, buffer) => {
      received += length
      tail = (tail + Buffer.from(buffer).toString('latin1', Math.max(0, length - 64), length)).slice(-64)
      if (kind === 'bulk' && received >= bytes) end()
      return true
    },
  },
})
socket.write(ASK[kind] ?? '')
socket.on('connect', send)
socket.on('drain', send)
socket.on('error', (error) => end(error.message))
socket.on('end', () => end())

function send(): void {
  while (left > 0) {
    const length = Math.min(left, BLOCK.length)
    left -= length
    if (!socket.write(BLOCK.subarray(0, length))) return
  }
}

function end(failure: string | null = null): never {
  const whole = kind === 'upload' ? tail.includes(`${bytes}`) : received >= bytes
  if (failure !== null || !whole) {
    process.stderr.write(`${kind}: ${failure ?? `ended after ${received} of ${bytes} bytes: ${tail}`}\n`)
    process.exit(1)
  }
  process.stdout.write(JSON.stringify({ ms: performance.now() - startedAt }))
  process.exit()
}
