import type { Socket } from 'node:dgram'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { LISTENER, MEMBER, POOL } from '../../src/gateway/lanes.ts'
import { Datagrams } from '../kit/datagrams.ts'
import { atRest, cleanUp, gateway, until } from '../kit/traffic.ts'

afterEach(cleanUp)

const naming = (name: string) => Datagrams.open((text) => `${name}:${text}`)

test('datagrams of a source go to one server, those of another may go to another, and answers find their way', async () => {
  await using a = await naming('a')
  await using b = await naming('b')
  const traffic = await gateway({ servers: [a.port, b.port], protocol: 'udp' })
  await using one = await Datagrams.open()
  await using two = await Datagrams.open()
  const servers = [(await one.asksOnce('0', traffic.port))[0], (await two.asksOnce('0', traffic.port))[0]]
  expect(servers.toSorted()).toEqual(['a', 'b'])
  for (let nth = 1; nth < 5; nth++) {
    await one.send(`${nth}`, traffic.port).hears(`${servers[0]}:${nth}`)
    await two.send(`${nth}`, traffic.port).hears(`${servers[1]}:${nth}`)
  }
  expect([a.heard.length, b.heard.length]).toEqual([5, 5])
  expect(new Set(a.heard.map(({ from }) => from.port)).size).toBe(1)
  expect(traffic.gauges()).toMatchObject({
    clients: 2,
    serverInFlight: 2,
    serverConnections: 2,
    poolInFlight: 2,
  })
  expect(traffic.reader.listener(0, LISTENER.accepted)).toBe(2)
  expect(traffic.reader.pool(0, POOL.requests)).toBe(2)
  expect(traffic.reader.pool(0, POOL.sentToClients)).toBe(30)
})

test('a session ends after silence of both sides, and is told of in the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-udp-'))
  const accessLog = join(folder, 'access.log')
  await using a = await naming('a')
  const traffic = await gateway({ servers: [a.port], protocol: 'udp', limits: { idleMs: 200 }, accessLog })
  await using client = await Datagrams.open()
  await client.send('hello', traffic.port).hears('a:hello')
  await atRest(traffic)
  expect(traffic.reader.member(0, MEMBER.bytesSent)).toBe(5)
  expect(traffic.reader.member(0, MEMBER.bytesReceived)).toBe(7)
  await until(
    () => existsSync(accessLog) && readFileSync(accessLog, 'utf8').endsWith('\n'),
    () => 'a line in the log',
  )
  expect(JSON.parse(readFileSync(accessLog, 'utf8'))).toMatchObject({
    client: '127.0.0.1',
    bytesIn: 5,
    bytesOut: 7,
    server: '0',
    why: null,
  })
  rmSync(folder, { recursive: true })
})

test('nobody but the chosen server can answer', async () => {
  await using a = await naming('a')
  await using stranger = await Datagrams.open()
  const traffic = await gateway({ servers: [a.port], protocol: 'udp' })
  await using client = await Datagrams.open()
  await client.send('1', traffic.port).hears('a:1')
  stranger.send('forged', a.heard[0]!.from.port)
  await client.send('2', traffic.port).hears('a:2')
  expect(client.texts).toEqual(['a:1', 'a:2'])
})

test('sessions beyond the limit are refused, and those that are there go on', async () => {
  await using a = await naming('a')
  const traffic = await gateway({ servers: [a.port], protocol: 'udp', limits: { connections: 2 } })
  await using one = await Datagrams.open()
  await using two = await Datagrams.open()
  await using three = await Datagrams.open()
  await one.send('1', traffic.port).hears('a:1')
  await two.send('2', traffic.port).hears('a:2')
  three.send('3', traffic.port)
  await until(
    () => traffic.reader.listener(0, LISTENER.rejected) === 1,
    () => 'a refusal',
  )
  await one.send('4', traffic.port).hears('a:4')
  expect(a.texts).not.toContain('3')
})

test('sessions of one address are limited too', async () => {
  await using a = await naming('a')
  const limits = { connectionsPerSource: 1, idleMs: 200 }
  const traffic = await gateway({ servers: [a.port], protocol: 'udp', limits })
  await using one = await Datagrams.open()
  await using two = await Datagrams.open()
  await one.send('1', traffic.port).hears('a:1')
  two.send('2', traffic.port)
  await until(
    () => traffic.reader.listener(0, LISTENER.rejected) === 1,
    () => 'a refusal',
  )
  await atRest(traffic)
  await two.send('3', traffic.port).hears('a:3')
})

test('a server that is not there is found out, counts as failed, and the client reaches another', async () => {
  const gone = await Datagrams.open()
  const { port } = gone
  await gone.close()
  await using b = await naming('b')
  const traffic = await gateway({ servers: [port, b.port], protocol: 'udp' })
  const failures = () => traffic.reader.member(0, MEMBER.failures)
  // Whoever the turn begins with, the second source meets the one that is gone.
  for (let nth = 0; failures() === 0; nth++) {
    await using client = await Datagrams.open()
    expect(await client.asks(`${nth}`, traffic.port)).toBe(`b:${nth}`)
  }
  expect(traffic.reader.failuresInRow(0, 0)).toBe(1)
})

test('a drained server keeps its sessions, and gets no new ones', async () => {
  await using a = await naming('a')
  await using b = await naming('b')
  const servers = [a.port, b.port]
  const traffic = await gateway({ servers, protocol: 'udp' })
  await using old = await Datagrams.open()
  const [mine, other] = (await old.asks('1', traffic.port)) === 'a:1' ? [a, b] : [b, a]
  await traffic.apply(servers, [mine.port])
  await old.send('2', traffic.port).hears(mine === a ? 'a:2' : 'b:2')
  for (let nth = 0; nth < 3; nth++) {
    await using young = await Datagrams.open()
    await young.send('3', traffic.port).hears(other === a ? 'a:3' : 'b:3')
  }
})

test('sessions of a server that has left, or is not fit to serve, go on with another', async () => {
  await using a = await naming('a')
  await using b = await naming('b')
  const servers = [a.port, b.port]
  const traffic = await gateway({ servers, protocol: 'udp' })
  await using client = await Datagrams.open()
  traffic.weights.set(1, 0)
  await client.send('1', traffic.port).hears('a:1')
  traffic.weights.set(0, 0)
  traffic.weights.set(1, 100)
  await client.send('2', traffic.port).hears('b:2')
  traffic.weights.set(0, 100)
  await traffic.apply([a.port])
  await client.send('3', traffic.port).hears('a:3')
  expect(traffic.gauges()).toMatchObject({ clients: 1, serverInFlight: 1, serverConnections: 1 })
})

test('without a server nothing is kept of what comes', async () => {
  const traffic = await gateway({ servers: [], protocol: 'udp' })
  await using client = await Datagrams.open()
  client.send('1', traffic.port)
  await until(
    () => traffic.reader.pool(0, POOL.refused) === 1,
    () => 'a refusal',
  )
  await atRest(traffic)
})

test('the end does not wait for silence', async () => {
  await using a = await naming('a')
  const traffic = await gateway({ servers: [a.port], protocol: 'udp', limits: { idleMs: 60_000 } })
  await using client = await Datagrams.open()
  await client.send('1', traffic.port).hears('a:1')
  await traffic.server.drain(60_000)
  await atRest(traffic)
})

test('a datagram that names no port to answer to goes on, and its answer nowhere (RFC 768)', async () => {
  await using a = await naming('a')
  const sockets: Socket[] = []
  const note = (about: unknown) => sockets.push((about as { socket: Socket }).socket)
  subscribe('udp.socket', note)
  const traffic = await gateway({ servers: [a.port], protocol: 'udp' })
  unsubscribe('udp.socket', note)
  // Such a one can be sent by raw sockets alone, which take rights that tests do not have.
  sockets[0]!.emit('message', Buffer.from('1'), { address: '127.0.0.1', family: 'IPv4', port: 0, size: 1 })
  await until(
    () => a.heard.length === 1,
    () => 'the datagram',
  )
  await using client = await Datagrams.open()
  await client.send('2', traffic.port).hears('a:2')
})
