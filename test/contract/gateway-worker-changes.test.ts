import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { MEMBER } from '../../src/gateway/lanes.ts'
import type { FromWorker, ToWorker, WorkerInit } from '../../src/gateway/messages.ts'
import {
  answering,
  atRest,
  cleanUp,
  dial,
  GET,
  gateway,
  HELLO,
  Holding,
  RawClient,
  serve,
  Traffic,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

test('a new snapshot drops no connection, and a removed server finishes what it holds', async () => {
  const holding = new Holding()
  const slow = await serve(holding.speak)
  const other = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [slow.port, other.port] })
  traffic.weights.set(1, 0)
  const client = await dial(traffic)
  client.send(GET)
  await until(
    () => traffic.reader.serverInFlight(0) === 1,
    () => 'the request at the slow server',
  )
  traffic.weights.set(1, 100)
  await traffic.apply([other.port])
  await holding.answer(HELLO)
  await client.hears('hello')
  await until(
    () => traffic.reader.serverConnections(0) === 0,
    () => 'the removed server to be left',
  )
  await client.forget().send(GET).hears('hello')
  expect(other.accepted).toBe(1)
})

test('a draining member gets no new request, and no idle connection to it is kept', async () => {
  const [one, two] = [await serve(answering(() => HELLO)), await serve(answering(() => HELLO))]
  const traffic = await gateway({ servers: [one.port, two.port] })
  const client = await dial(traffic)
  for (let n = 0; n < 4; n++) await client.forget().send(GET).hears('hello')
  expect(traffic.reader.serverConnections(0)).toBe(1)
  await traffic.apply([one.port, two.port], [one.port])
  for (let n = 0; n < 4; n++) await client.forget().send(GET).hears('hello')
  expect(traffic.reader.member(0, MEMBER.requests)).toBe(2)
  await until(
    () => traffic.reader.serverConnections(0) === 0,
    () => 'no connection to the draining server',
  )
})

test('closes idle connections to a server on demand', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  await client.send(GET).hears('hello')
  traffic.server.closeIdle([0])
  await client.forget().send(GET).hears('hello')
  expect(server.accepted).toBe(2)
})

test('keeps a connection no longer than its server announced', async () => {
  const answer = (seconds: number) => HELLO.replace('\r\n', `\r\nKeep-Alive: timeout=${seconds}\r\n`)
  const server = await serve(answering((head) => answer(head.includes('/long') ? 60 : 1)))
  const client = await dial(await gateway({ servers: [server.port], upstream: { idleMs: 100 } }))
  await client.send(GET.replace('/', '/long')).hears('hello')
  await new Promise((done) => setTimeout(done, 500))
  await client.forget().send(GET).hears('hello')
  expect(server.accepted).toBe(1)
  await client.forget().send(GET).hears('hello')
  expect(server.accepted).toBe(2)
})

test('closes a connection that has idled when its server announced nothing', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port], upstream: { idleMs: 100 } })
  await (await dial(traffic)).send(GET).hears('hello')
  expect(traffic.gauges().serverConnections).toBe(1)
  await until(
    () => traffic.gauges().serverConnections === 0,
    () => 'the idle connection to be closed',
  )
})

test('a removed listener ends its connections after their answers and accepts no more', async () => {
  const holding = new Holding()
  const server = await serve(holding.speak)
  const traffic = await gateway({ servers: [server.port] })
  const { port } = traffic
  const [busy, idle] = [await dial(traffic), await dial(traffic)]
  busy.send(GET)
  await until(
    () => traffic.gauges().serverInFlight === 1 && traffic.gauges().clients === 2,
    () => 'both connections',
  )
  await traffic.server.apply({ ...traffic.snapshot([server.port]), listeners: [] })
  expect(await idle.hearsEnd()).toBe('')
  await holding.answer(HELLO)
  expect(await busy.hearsEnd()).toMatch(/hello$/)
  await expect(RawClient.open(port)).rejects.toThrow('ECONNREFUSED')
})

test('rules and limits of a listener change under its connections', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  await client.send(GET).hears('hello')
  const snapshot = traffic.snapshot([server.port])
  const listeners = snapshot.listeners.map((listener) => ({
    ...listener,
    pool: null,
    rules: [{ match: { path: '/new/*' }, action: { kind: 'pool' as const, pool: 'main' } }],
  }))
  await traffic.server.apply({ ...snapshot, listeners })
  expect(await client.forget().send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /)
  await client.forget().send(GET.replace('/', '/new/x')).hears('hello')
})

test('a listener that cannot be opened is named, and the others work', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port] })
  const snapshot = traffic.snapshot([server.port])
  const taken = { ...snapshot.listeners[0]!, name: 'taken', bind: { host: '127.0.0.1', port: server.port } }
  const failures = await traffic.server.apply({ ...snapshot, listeners: [...snapshot.listeners, taken] })
  expect(failures.map((failure) => failure.listener)).toEqual(['taken'])
  await (await dial(traffic)).send(GET).hears('hello')
})

test('listens on every interface, IPv4 too', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port] })
  const snapshot = traffic.snapshot([server.port])
  const everywhere = { ...snapshot.listeners[0]!, name: 'all', bind: { host: '', port: 0 } }
  await traffic.server.apply({ ...snapshot, listeners: [...snapshot.listeners, everywhere] })
  const client = await RawClient.open(traffic.server.bound.all!.port)
  await client.send(GET).hears('hello')
  client.socket.destroy()
})

test('draining answers what is under way with `Connection: close` and then leaves nothing', async () => {
  const holding = new Holding()
  const server = await serve(holding.speak)
  const traffic = await Traffic.start({ servers: [server.port] })
  const client = await RawClient.open(traffic.port)
  client.send(GET)
  await until(
    () => traffic.gauges().serverInFlight === 1,
    () => 'the request',
  )
  const drained = traffic.server.drain(10_000)
  await holding.answer(HELLO)
  expect(await client.hearsEnd()).toMatch(/connection: close[\s\S]*hello$/i)
  await drained
  await atRest(traffic)
})

test('draining has a deadline', async () => {
  const server = await serve((socket) => socket.resume())
  const traffic = await Traffic.start({ servers: [server.port] })
  const client = await RawClient.open(traffic.port)
  client.send(GET)
  await until(
    () => traffic.gauges().serverInFlight === 1,
    () => 'the request',
  )
  await traffic.server.drain(50)
  await client.hearsEnd()
  await atRest(traffic)
})

test('writes a line of what is no request, too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-log-'))
  const accessLog = join(folder, 'access.log')
  const traffic = await Traffic.start({ servers: [], accessLog })
  for (const line of ['GET /%zz HTTP/1.1', 'GET /"\u001b[31m HTTP/1.1', '\u0016\u0003\u0001']) {
    const client = await RawClient.open(traffic.port)
    await client.send(`${line}\r\nHost: a\r\n\r\n`).hearsEnd()
  }
  await traffic.server.drain(1000)
  const lines = readFileSync(accessLog, 'utf8').trim().split('\n')
  rmSync(folder, { recursive: true })
  expect(lines.map((line) => JSON.parse(line))).toMatchObject(
    ['GET /%zz HTTP/1.1', 'GET /"\u001b[31m HTTP/1.1', '\u0016\u0003\u0001'].map((path) => {
      return { client: '127.0.0.1', listener: 'web', method: '', path, status: 400, why: 'no-request' }
    }),
  )
})

test('writes one line a request into the access log, and why it failed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-log-'))
  const accessLog = join(folder, 'access.log')
  const server = await serve(answering((head) => (head.includes('/bad') ? 'junk\r\n\r\n' : HELLO)))
  const traffic = await Traffic.start({ servers: [server.port], accessLog })
  const client = await RawClient.open(traffic.port)
  await client.send(GET.replace('/', '/a?b=%22')).hears('hello')
  await client.forget().send(GET.replace('/', '/bad')).hears('\r\n\r\n')
  const trace = 'a'.repeat(32)
  client.forget().send('GET /slow HTTP/1.1\r\n')
  await new Promise((done) => setTimeout(done, 10))
  await client.send(`Host: a\r\ntraceparent: 00-${trace}-${'b'.repeat(16)}-01\r\n\r\n`).hears('hello')
  client.socket.destroy()
  await traffic.server.drain(1000)
  const lines = readFileSync(accessLog, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  rmSync(folder, { recursive: true })
  expect(lines[0]).toMatchObject({
    listener: 'web',
    client: '127.0.0.1',
    method: 'GET',
    host: 'a',
    path: '/a?b=%22',
  })
  expect(lines[0]).toMatchObject({ status: 200, pool: 'main', server: '0', retries: 0, why: null })
  expect(lines[1]).toMatchObject({ path: '/bad', status: 502, why: 'bad-response' })
  const { headMs, waitMs, connectMs, serverMs, bodyMs, ms } = lines[0]
  const sum = waitMs + connectMs + serverMs + bodyMs
  expect(headMs).toBe(0)
  expect(sum).toBeGreaterThan(0)
  expect(sum).toBeLessThanOrEqual(ms + 0.1)
  expect(lines[2]).toMatchObject({ path: '/slow', trace })
  expect(lines[2].headMs).toBeGreaterThan(0)
  expect(lines).toHaveLength(3)
})

test('a worker thread serves, acknowledges snapshots, closes idle connections and drains', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = new Traffic({ servers: [server.port] })
  traffic.weights.set(0, 100)
  const workerData: WorkerInit = {
    reusePort: true,
    inherited: {},
    index: 0,
    generation: 0,
    buffers: traffic.buffers,
    snapshot: traffic.snapshot([server.port]),
  }
  const worker = new Worker(new URL('../../src/gateway/worker/entry.ts', import.meta.url), { workerData })
  const heard: FromWorker[] = []
  worker.on('message', (message: FromWorker) => heard.push(message))
  const hears = async (kind: FromWorker['kind']): Promise<FromWorker> => {
    const find = () => heard.find((message) => message.kind === kind)
    await until(
      () => find() !== undefined,
      () => kind,
    )
    return find()!
  }
  const say = (message: ToWorker) => worker.postMessage(message)

  const ready = await hears('ready')
  const client = await RawClient.open(ready.kind === 'ready' ? ready.bound.web!.port : 0)
  await client.send(GET).hears('hello')
  say({ kind: 'snapshot', snapshot: traffic.snapshot([server.port]) })
  expect(await hears('ack')).toMatchObject({ version: 2 })
  expect(traffic.gauges().serverConnections).toBe(1)
  say({ kind: 'close-idle', id: 7, serverSlots: [0] })
  expect(await hears('idle-closed')).toEqual({ kind: 'idle-closed', id: 7 })
  const exited = new Promise((done) => worker.once('exit', done))
  say({ kind: 'drain', gentle: false, withinMs: 1000 })
  await hears('drained')
  expect(await exited).toBe(0)
  expect(traffic.gauges()).toMatchObject({
    clients: 0,
    serverInFlight: 0,
    memberInFlight: 0,
    serverConnections: 0,
  })
  client.socket.destroy()
  await traffic.server.drain(0)
})
