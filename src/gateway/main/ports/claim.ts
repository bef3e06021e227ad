import { createSocket } from 'node:dgram'
import { createServer, isIPv6 } from 'node:net'
import { type Bind, type Protocol, transportOf } from '../../../core/balancer.ts'
import { withIPv6 } from '../../worker/listeners/listening.ts'

/** An address that nobody else can take, until it is closed. */
export interface Claim {
  readonly port: number
  close(): Promise<void>
}

/** Opens it alone. Rejects with the system's error. */
export function claim(bind: Bind, protocol: Protocol): Promise<Claim> {
  return transportOf(protocol) === 'udp' ? claimUdp(bind) : claimTcp(bind)
}

function claimTcp({ host, port }: Bind): Promise<Claim> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, exclusive: true, ...(host === '' ? {} : { host }) }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : 0
      resolve({ port: bound, close: () => new Promise((done) => server.close(() => done())) })
    })
  })
}

function claimUdp(bind: Bind): Promise<Claim> {
  return withIPv6(
    bind.host,
    (host) =>
      new Promise<Claim>((resolve, reject) => {
        const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
        socket.once('error', (error) => {
          socket.close()
          reject(error)
        })
        socket.bind({ address: host, port: bind.port, exclusive: true }, () =>
          resolve({ port: socket.address().port, close: () => new Promise((done) => socket.close(done)) }),
        )
      }),
  )
}
