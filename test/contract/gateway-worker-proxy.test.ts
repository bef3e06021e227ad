import { afterEach, describe, expect, test } from 'vitest'
import { LISTENER } from '../../src/gateway/lanes.ts'
import { parseProxyHeader } from '../../src/gateway/proxy-protocol/parse.ts'
import { proxyHeader } from '../../src/gateway/proxy-protocol/write.ts'
import {
  answering,
  atRest,
  cleanUp,
  dial,
  GET,
  gateway,
  HELLO,
  type Speak,
  serve,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

const CLIENT = { address: '192.0.2.7', port: 4321, localAddress: '198.51.100.9', localPort: 80 }
const V1 = proxyHeader('v1', CLIENT).toString('latin1')
const V2 = proxyHeader('v2', CLIENT).toString('latin1')
const behind = { proxyProtocol: 'required' } as const
const trusting = (...networks: string[]) => ({ networks, header: 'x-forwarded-for' }) as const

/** Tells the client whom its requests are said to be from. */
const telling = answering((head) => {
  const [, address = 'nobody'] = /x-forwarded-for: (.*)\r\n/i.exec(head) ?? []
  return `HTTP/1.1 200 OK\r\nContent-Length: ${address.length}\r\n\r\n${address}`
})

test.each([
  ['v1', 'PROXY TCP4 127.0.0.1 '],
  ['v2', '\r\n\r\n\0\r\nQUIT\n'],
] as const)('servers are told in the version that they expect: %s', async (proxyProtocol, begins) => {
  const heard: string[] = []
  const server = await serve((socket) =>
    socket.once('data', (chunk) => {
      heard.push(chunk.toString('latin1'))
      socket.write(HELLO)
    }),
  )
  const traffic = await gateway({ servers: [server.port], upstream: { proxyProtocol } })
  await (await dial(traffic)).send(GET).hears('hello')
  expect(heard[0]!.slice(0, begins.length)).toBe(begins)
})

describe('from a proxy before', () => {
  test.each([
    ['version 1', V1],
    ['version 2', V2],
  ])('%s: the client is whom the header names, for all requests of the connection', async (_, header) => {
    const server = await serve(telling)
    const traffic = await gateway({ servers: [server.port], listener: behind, upstream: { idleMs: 100 } })
    const client = await dial(traffic)
    await client.send(header + GET).hears('192.0.2.7')
    await client.forget().send(GET).hears('192.0.2.7')
    client.socket.destroy()
    await atRest(traffic)
  })

  test('a header that comes byte by byte is read, and what follows it is not lost', async () => {
    const server = await serve(telling)
    const traffic = await gateway({ servers: [server.port], listener: behind })
    const client = await dial(traffic)
    for (const byte of V2) {
      client.send(byte)
      await new Promise((done) => setTimeout(done, 1))
    }
    await client.send(GET).hears('192.0.2.7')
  })

  test('tcp: the bytes after the header reach the server', async () => {
    const server = await serve((socket) => socket.on('data', (chunk) => socket.write(chunk)))
    const traffic = await gateway({ servers: [server.port], protocol: 'tcp', listener: behind })
    const client = await dial(traffic)
    await client.send(`${V1}ping`).hears('ping')
    await client.send('pong').hears('pingpong')
  })

  test('a proxy that speaks for itself is the client', async () => {
    const server = await serve(telling)
    const traffic = await gateway({ servers: [server.port], listener: behind })
    await (await dial(traffic)).send(proxyHeader('v2', null).toString('latin1') + GET).hears('127.0.0.1')
    await (await dial(traffic)).send(`PROXY UNKNOWN\r\n${GET}`).hears('127.0.0.1')
  })

  test('a connection without a header is closed, and no server hears of it', async () => {
    const server = await serve(telling)
    const traffic = await gateway({ servers: [server.port], listener: behind })
    expect(await (await dial(traffic)).send(GET).hearsEnd()).toBe('')
    expect(traffic.reader.listener(0, LISTENER.rejected)).toBe(1)
    expect(server.accepted).toBe(0)
    await atRest(traffic)
  })

  test('one that never says whose it is, or ends before, is closed', async () => {
    const server = await serve(telling)
    const traffic = await gateway({ servers: [server.port], listener: behind, limits: { firstByteMs: 100 } })
    expect(await (await dial(traffic)).send(V1.slice(0, 20)).hearsEnd()).toBe('')
    const client = await dial(traffic)
    client.send(V1.slice(0, 20)).socket.end()
    await client.hearsEnd()
    await atRest(traffic)
  })

  test('only proxies of the trusted networks may connect', async () => {
    const server = await serve(telling)
    const strange = await gateway({
      servers: [server.port],
      listener: behind,
      trust: trusting('10.0.0.0/8', '::1'),
    })
    expect(await (await dial(strange)).send(V1 + GET).hearsEnd()).toBe('')
    const known = await gateway({
      servers: [server.port],
      listener: behind,
      trust: trusting('10.0.0.0/8', '127.0.0.0/8'),
    })
    await (await dial(known)).send(V1 + GET).hears('192.0.2.7')
  })

  test('a connection that waits for its header does not hold up the end', async () => {
    const server = await serve(telling)
    const traffic = await gateway({ servers: [server.port], listener: behind })
    const client = await dial(traffic)
    await until(
      () => traffic.gauges().clients === 1,
      () => 'the connection',
    )
    await traffic.server.drain(60_000)
    await client.hearsEnd()
  })
})

/** What each connection to a server began with. */
function recording() {
  const begins: unknown[] = []
  const speak: Speak = (socket) => {
    let bytes = Buffer.alloc(0)
    let begun = false
    const speakOn = answering(() => HELLO)
    socket.on('data', (chunk) => {
      if (begun) return
      bytes = Buffer.concat([bytes, Buffer.from(chunk)])
      const header = parseProxyHeader(bytes)
      if (header.kind !== 'header') return
      begun = true
      begins.push(header.client)
      speakOn(socket)
      socket.emit('data', bytes.subarray(header.length))
    })
  }
  return { begins, speak }
}

describe('to servers behind', () => {
  test.each(['v1', 'v2'] as const)(
    'http, %s: each request has a connection that names its client',
    async (version) => {
      const { begins, speak } = recording()
      const server = await serve(speak)
      const traffic = await gateway({ servers: [server.port], upstream: { proxyProtocol: version } })
      const clients = [await dial(traffic), await dial(traffic)]
      for (const client of clients) {
        await client.send(GET).hears('hello')
        await client.forget().send(GET).hears('hello')
      }
      const of = (client: (typeof clients)[number]) => ({
        address: '127.0.0.1',
        port: client.socket.localPort,
        localAddress: '127.0.0.1',
        localPort: traffic.port,
      })
      expect(begins).toEqual([of(clients[0]!), of(clients[0]!), of(clients[1]!), of(clients[1]!)])
      for (const client of clients) client.socket.destroy()
      await atRest(traffic)
    },
  )

  test('tcp: the client of the proxy before is named to the server', async () => {
    const { begins, speak } = recording()
    const server = await serve(speak)
    const traffic = await gateway({
      servers: [server.port],
      protocol: 'tcp',
      listener: behind,
      upstream: { proxyProtocol: 'v2' },
    })
    const client = await dial(traffic)
    await client.send(V1 + GET).hears('hello')
    expect(begins).toEqual([CLIENT])
  })
})

describe('connections of one source', () => {
  const from = (address: string) => proxyHeader('v2', { ...CLIENT, address }).toString('latin1')
  const most = (connectionsPerSource: number) => ({ listener: behind, limits: { connectionsPerSource } })

  test('beyond the limit they are closed, others are not, and each that ends makes room', async () => {
    const server = await serve(telling)
    const traffic = await gateway({ servers: [server.port], upstream: { idleMs: 100 }, ...most(2) })
    const [first, second] = [await dial(traffic), await dial(traffic)]
    await first.send(from('192.0.2.7') + GET).hears('192.0.2.7')
    await second.send(from('192.0.2.7') + GET).hears('192.0.2.7')
    expect(await (await dial(traffic)).send(from('192.0.2.7') + GET).hearsEnd()).toBe('')
    expect(traffic.reader.listener(0, LISTENER.rejected)).toBe(1)
    const other = await dial(traffic)
    await other.send(from('192.0.2.8') + GET).hears('192.0.2.8')
    first.socket.destroy()
    await until(
      () => traffic.gauges().clients === 2,
      () => 'the first to be gone',
    )
    const third = await dial(traffic)
    await third.send(from('192.0.2.7') + GET).hears('192.0.2.7')
    for (const client of [second, other, third]) client.socket.destroy()
    await atRest(traffic)
  })

  test('trusted proxies have as many as they need', async () => {
    const server = await serve(telling)
    const limits = { connectionsPerSource: 1 }
    const traffic = await gateway({ servers: [server.port], limits, trust: trusting('127.0.0.0/8') })
    for (let nth = 0; nth < 3; nth++) await (await dial(traffic)).send(GET).hears('127.0.0.1')
  })
})
