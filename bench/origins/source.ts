import { createServer } from 'node:net'

/** `source PORT`: to each line `BYTES\n` that comes it answers with that many bytes; to anything else with one. */
const BLOCK = Buffer.alloc(256 * 1024, 'x')

createServer((socket) => {
  socket.on('error', () => socket.destroy())
  socket.on('data', (asked) => {
    let left = Number.parseInt(asked.toString('latin1'), 10) || 1
    const send = () => {
      while (left > 0) {
        const bytes = Math.min(left, BLOCK.length)
        left -= bytes
        if (!socket.write(BLOCK.subarray(0, bytes))) return void socket.once('drain', send)
      }
    }
    send()
  })
}).listen(Number(process.argv[2]), '127.0.0.1', 4096)
