import { connect, type Socket } from 'node:net'
import { startOrigin } from '../contestants/nginx.ts'
import { rounded } from '../kit/numbers.ts'
import { usage } from '../kit/processes.ts'
import { type Case, portOf, whoTakesPart } from './case.ts'

/** Memory of each proxy while it holds kept connections that have each sent one request. */
export const IDLE: Case = {
  name: 'idle-10000',
  run: async (field) => {
    const { able, missing } = whoTakesPart(field, 'http')
    const { certificate, effort } = field
    const origin = await startOrigin('ok')
    const upstream = { host: '127.0.0.1', port: portOf(origin) }
    const contestants: object[] = []
    for (const contestant of able) {
      const proxy = await contestant.start({ role: 'http', upstream, certificate, group: 'X25519' })
      const emptyMb = usage(proxy.pid).rssBytes / 1e6
      const sockets = await openIdle(portOf(proxy), effort.idleConnections)
      const rssMb = usage(proxy.pid).rssBytes / 1e6
      const open = sockets.filter((socket) => !socket.destroyed).length
      contestants.push({ name: contestant.name, open, emptyRssMb: rounded(emptyMb), rssMb: rounded(rssMb) })
      for (const socket of sockets) socket.destroy()
      await proxy.stop()
    }
    await origin.stop()
    return { case: 'idle-10000', missing, contestants }
  },
}

async function openIdle(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  const batch = 100
  while (sockets.length < count) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(batch, count - sockets.length) }, () => openOne(port)),
    )
    sockets.push(...opened)
  }
  return sockets
}

function openOne(port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: bench\r\n\r\n'))
    socket.once('data', () => done(socket))
    // Later ones are those of proxies that do not keep it; `open` tells.
    socket.on('error', fail)
  })
}
