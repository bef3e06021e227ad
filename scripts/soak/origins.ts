import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net'
import type { Origins } from './subject.ts'

const HOST = '127.0.0.1'
/** One connection in this many is reset while it is in use, a random while after it began. */
const KILLED = 20
const KILL_WITHIN_MS = 300

const mayDie = (socket: Socket): void => {
  socket.on('error', () => socket.destroy())
  if (Math.random() * KILLED > 1) return
  const timer = setTimeout(() => socket.resetAndDestroy(), Math.random() * KILL_WITHIN_MS)
  socket.on('close', () => clearTimeout(timer))
}

/** Servers that echo in every protocol, and break some of their connections at random; `close` ends them. */
export async function openOrigins(): Promise<{ origins: Origins; close(): void }> {
  const webs = [web(), web()]
  const tcps = [tcp(), tcp()]
  for (const server of [...webs, ...tcps]) await once(server.listen(0, HOST), 'listening')
  const udp = createSocket('udp4')
  udp.on('error', () => {})
  udp.on('message', (bytes, from) => udp.send(bytes, from.port, from.address))
  await once(udp.bind(0, HOST), 'listening')
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
  const close = () => {
    for (const server of [...webs, ...tcps]) server.close()
    udp.close()
  }
  return { origins: { web: webs.map(portOf), tcp: tcps.map(portOf), udp: [portOf(udp)] }, close }
}

/** Gives a body back as it came, in chunks or with its length; 16 KiB for a GET; bytes both ways after an upgrade. */
function web() {
  const page = Buffer.alloc(16 * 1024, 'x')
  const server = createHttp((request, response) => {
    if (request.method === 'GET') response.end(page)
    else request.on('error', () => response.destroy()).pipe(response)
  })
  server.on('connection', mayDie)
  server.on('upgrade', (_, socket) => {
    socket.on('error', () => socket.destroy())
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.pipe(socket)
  })
  return server
}

function tcp() {
  return createTcp((socket) => {
    mayDie(socket)
    socket.pipe(socket)
  })
}
