import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { statePaths } from '../../src/app/paths.ts'
import { isAlive, readNote } from '../../src/app/processes.ts'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

/** Echoes what comes after a WebSocket's handshake, and bytes of anybody else. */
async function echo(): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => {
    let isGreeted = false
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1')
      if (isGreeted || !text.startsWith('GET ')) socket.write(chunk)
      else if (text.startsWith('GET /ws')) {
        isGreeted = true
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      } else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

const HEALTH = 'health: { type: tcp, interval: 1s, timeout: 500ms }'

function staticFile(port: number): string {
  return `
gateway: { workers: 2 }
listeners:
  web: { bind: "127.0.0.1:0", protocol: http, pool: echo }
  raw: { bind: "127.0.0.1:0", protocol: tcp, pool: echo }
pools:
  echo: { ${HEALTH}, servers: [ { address: "127.0.0.1:${port}" } ] }
`
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function says(socket: Socket, text: string): Promise<string> {
  socket.write(text)
  const [chunk] = await once(socket, 'data')
  return String(chunk)
}

const portOf = async (tidegate: Tidegate, listener: string) =>
  Number(new URL(await tidegate.url(listener)).port)

test('the gateway is upgraded under load, twice: no request fails', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 120)
  const url = await tidegate.url()
  for (let round = 0; round < 2; round++) {
    const old = tidegate.gateway!
    await tidegate.until('some requests', () => load.report().ok > 100 * (round + 1))
    await tidegate.cli('upgrade', '--config', tidegate.file)
    await tidegate.successor('gateway', old)
    const { ok } = load.report()
    await tidegate.until('requests after it', () => load.report().ok > ok + 100)
  }
  expect(await tidegate.url()).toBe(url)
  await tidegate.serving(2)
  expect((await load.stop()).failed).toEqual([])
})

test('an open WebSocket and a TCP tunnel live on in the former gateway, and count as in flight', async () => {
  const server = await echo()
  await using tidegate = new Tidegate(staticFile(server.port))
  tidegate.start()
  const [web, raw] = [await portOf(tidegate, 'web'), await portOf(tidegate, 'raw')]
  await tidegate.until('the pool', async () => (await tidegate.pool('echo'))?.members[0]?.state === 'healthy')
  const socket = await opened(web)
  const ask = 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
  expect(await says(socket, ask)).toContain('101')
  const tunnel = await opened(raw)
  expect(await says(tunnel, 'one')).toBe('one')
  const old = tidegate.gateway!
  await tidegate.cli('upgrade', '--config', tidegate.file)
  await tidegate.successor('gateway', old)
  expect(isAlive(old)).toBe(true)
  expect(await says(socket, 'two')).toBe('two')
  expect(await says(tunnel, 'three')).toBe('three')
  await tidegate.until(
    'both in flight',
    async () => (await tidegate.pool('echo'))?.members[0]?.inFlight === 2,
  )
  const fresh = await opened(web)
  expect(await says(fresh, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toContain('200')
  fresh.destroy()
  socket.destroy()
  tunnel.destroy()
  await tidegate.until('the end of the former gateway', () => !isAlive(old))
  await tidegate.until(
    'nothing in flight',
    async () => (await tidegate.pool('echo'))?.members[0]?.inFlight === 0,
  )
  server.close()
})

test('what is left of the former gateway ends at the drain, and with everything else', async () => {
  const server = await echo()
  await using tidegate = new Tidegate(staticFile(server.port))
  tidegate.start()
  const raw = await portOf(tidegate, 'raw')
  await tidegate.until('the pool', async () => (await tidegate.pool('echo'))?.members[0]?.state === 'healthy')
  const held = await opened(raw)
  held.on('error', () => {})
  expect(await says(held, 'one')).toBe('one')
  const first = tidegate.gateway!
  await tidegate.cli('upgrade', '--drain', '200ms', '--config', tidegate.file)
  await tidegate.until('the end of the former gateway', () => !isAlive(first))
  const other = await opened(raw)
  other.on('error', () => {})
  expect(await says(other, 'two')).toBe('two')
  const second = await tidegate.successor('gateway', first)
  await tidegate.cli('upgrade', '--config', tidegate.file)
  await tidegate.successor('gateway', second)
  expect(isAlive(second)).toBe(true)
  await tidegate.cli('down', tidegate.file)
  await tidegate.until('the end of both gateways', () => !isAlive(second) && tidegate.gateway === null)
  expect(readdirSync(tidegate.stateDir).filter((name) => name.includes('.sock'))).toEqual([])
  server.close()
})

/** Pids of all gateways of a state directory: a successor's too, before it has taken its place. */
function gatewaysOf(stateDir: string): number[] {
  const isOurs = (pid: string): boolean => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words[1]?.includes('gateway-process') === true && words[2] === stateDir
    } catch {
      return false
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOurs(name))
    .map(Number)
}

test('whichever is killed while the successor gets ready, a gateway serves', async () => {
  const [server, silent] = [await echo(), createServer(() => {}).listen(0, '127.0.0.1')]
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  // Its first check takes a second: so long is the successor not ready.
  const slow = `  slow: { health: { type: http, path: /, timeout: 2s }, servers: [ { address: "127.0.0.1:${port}" } ] }\n`
  await using tidegate = new Tidegate(staticFile(server.port) + slow)
  tidegate.start()
  const web = await portOf(tidegate, 'web')
  await tidegate.healthy('echo')
  const answer = async () => says(await opened(web), 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const first = tidegate.gateway!
  const successorOf = (pid: number) =>
    tidegate.until('a successor', () => {
      const named = readNote(statePaths(tidegate.stateDir).successor)?.pid
      return named !== pid && named
    })

  const given = tidegate.cli('upgrade', '--config', tidegate.file)
  process.kill(await successorOf(first.pid), 'SIGKILL')
  const { code, stderr } = await given
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('this gateway goes on') })
  expect(tidegate.gateway).toEqual(first)
  expect(await answer()).toContain('200')

  const lost = tidegate.cli('upgrade', '--config', tidegate.file)
  const heir = await successorOf(first.pid)
  process.kill(first.pid, 'SIGKILL')
  expect((await lost).code).toBe(1)
  expect(await tidegate.successor('gateway', first)).toMatchObject({ pid: heir })
  expect(await portOf(tidegate, 'web')).toBe(web)
  expect(await answer()).toContain('200')
  await tidegate.until('nobody else', () => String(gatewaysOf(tidegate.stateDir)) === String(heir))

  const stopped = tidegate.cli('upgrade', '--config', tidegate.file)
  const late = await successorOf(heir)
  process.kill(heir, 'SIGTERM')
  expect((await stopped).code).toBe(1)
  const last = await tidegate.until('one gateway', () => {
    const [only, ...others] = gatewaysOf(tidegate.stateDir)
    return others.length === 0 && only !== heir && tidegate.gateway?.pid === only && only
  })
  expect(last).not.toBe(late)
  server.close()
  silent.close()
})

test('a former gateway that is killed, and a successor that is, leave a gateway that serves', async () => {
  const server = await echo()
  await using tidegate = new Tidegate(staticFile(server.port))
  tidegate.start()
  const web = await portOf(tidegate, 'web')
  const raw = await portOf(tidegate, 'raw')
  await tidegate.until('the pool', async () => (await tidegate.pool('echo'))?.members[0]?.state === 'healthy')
  const held = await opened(raw)
  held.on('error', () => {})
  await says(held, 'one')
  const first = tidegate.gateway!
  await tidegate.cli('upgrade', '--config', tidegate.file)
  const second = await tidegate.successor('gateway', first)
  process.kill(first.pid, 'SIGKILL')
  const answer = async () => says(await opened(web), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await answer()).toContain('200')
  process.kill(second.pid, 'SIGKILL')
  await tidegate.successor('gateway', second)
  await tidegate.until('an answer', () =>
    answer().then(
      (text) => text.includes('200'),
      () => false,
    ),
  )
  server.close()
})
