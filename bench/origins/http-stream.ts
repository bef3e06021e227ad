import { createServer } from 'node:http'

/** `http-stream PORT`: `GET /BYTES` is answered with that many bytes, `PUT` with how many came. Nothing is kept. */
const BLOCK = Buffer.alloc(256 * 1024, 'x')

const server = createServer({ requestTimeout: 0 }, (request, response) => {
  if (request.method === 'PUT') {
    let bytes = 0
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.on('end', () => response.end(`${bytes}`))
    return
  }
  let left = Number(request.url?.slice(1)) || 1
  response.setHeader('Content-Length', left)
  const send = () => {
    while (left > 0) {
      const bytes = Math.min(left, BLOCK.length)
      left -= bytes
      if (!response.write(BLOCK.subarray(0, bytes))) return void response.once('drain', send)
    }
    response.end()
  }
  response.on('error', () => response.destroy())
  send()
})
server.listen(Number(process.argv[2]), '127.0.0.1', 4096)
