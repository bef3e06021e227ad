import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { listeningInodes, portHolder } from './port-holder.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0 100 0 0 10 0
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0 100 0 0 10 0
`

test('finds those that listen on the port, not those that are connected to it', () => {
  expect(listeningInodes(TABLE, 8080)).toEqual(['111'])
  expect(listeningInodes(TABLE, 8081)).toEqual(['333'])
  expect(listeningInodes(TABLE, 80)).toEqual([])
})

test.runIf(process.platform === 'linux')('names the process that listens', async () => {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const name = readFileSync('/proc/self/comm', 'utf8').trim()
  expect(portHolder(port)).toBe(`process ${process.pid} (${name})`)
  await new Promise((done) => server.close(done))
  expect(portHolder(port)).toBeNull()
})
