import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { holderOf } from './holder.ts'

test.runIf(process.platform === 'linux')(
  'names the process that listens, and nobody who is only connected',
  async () => {
    const server = createServer((socket) => socket.resume())
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const name = readFileSync('/proc/self/comm', 'utf8').trim()
    expect(await holderOf(port)).toBe(`${name} (pid ${process.pid})`)
    const client = connect(port, '127.0.0.1')
    await new Promise((done) => client.once('connect', done))
    const closed = new Promise((done) => server.close(done))
    expect(await holderOf(port)).toBeNull()
    client.destroy()
    await closed
  },
)
