import { createServer } from 'node:net'

/** `echo PORT`: sends back what comes. */
createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.pipe(socket)
}).listen(Number(process.argv[2]), '127.0.0.1', 4096)
