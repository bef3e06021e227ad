import { afterEach, expect, test } from 'vitest'
import { answering, RawClient, RawServer, Traffic, type TrafficOptions, until } from '../kit/traffic.ts'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(
  speak: ConstructorParameters<never> | Parameters<typeof RawServer.start>[0],
): Promise<RawServer> {
  const server = await RawServer.start(speak as Parameters<typeof RawServer.start>[0])
  cleanups.push(() => server.stop())
  return server
}

async function gateway(options: TrafficOptions): Promise<Traffic> {
  const traffic = await Traffic.start(options)
  cleanups.push(() => traffic.server.drain(0))
  return traffic
}

async function dial(traffic: Traffic): Promise<RawClient> {
  const client = await RawClient.open(traffic.port)
  cleanups.push(() => client.socket.destroy())
  return client
}

const HELLO = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

test('carries requests of a kept connection over one kept server connection', async () => {
  const server = await serve(answering((_, nth) => HELLO.replace('hello', `no. ${nth}`)))
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  for (let nth = 0; nth < 5; nth++) {
    client.forget().send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.hears(`no. ${nth}`)).toContain('HTTP/1.1 200 OK\r\n')
  }
  expect(server.accepted).toBe(1)
  expect(client.ended).toBe(false)
})
