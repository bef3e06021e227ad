import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { ReadBuffers, Reads } from '../reads.ts'
import { readInto } from './reading-socket.ts'

test('an accepted connection reads into memory of ours, and is a socket like any other', async () => {
  const server = createServer({ allowHalfOpen: true })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [accepted] = (await once(server, 'connection')) as [Socket]
  const buffers = new ReadBuffers()
  const reads = new Reads(buffers)
  const socket = readInto(accepted, reads)
  const got = new Promise<Buffer>((resolve) => {
    reads.sink = (bytes) => {
      resolve(bytes)
      return 'kept'
    }
  })
  const ended = once(socket, 'end')
  socket.resume()
  client.end('hello')
  expect((await got).toString()).toBe('hello')
  expect(buffers.shared.toString('latin1', 0, 5)).toBe('hello')
  await ended
  expect(socket.remotePort).toBe(client.localPort)
  const answer = client.toArray()
  socket.end('world')
  expect(Buffer.concat(await answer).toString()).toBe('world')
  await once(server.close(), 'close')
})
