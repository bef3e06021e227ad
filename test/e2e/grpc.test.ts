import { once } from 'node:events'
import grpc from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authority } from '../kit/certificates.ts'
import { EchoClient, EchoServer } from '../kit/grpc.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { closedPort } from '../kit/traffic.ts'

type Echo = InstanceType<typeof EchoClient>

const server = new EchoServer()
const authority = new Authority()
let tidegate: Tidegate

beforeAll(async () => {
  await server.start()
  const { certFile, keyFile } = authority.issue(['localhost'])
  tidegate = new Tidegate(`
listeners:
  plain: { bind: "127.0.0.1:0", pool: echo, limits: { response: 1s } }
  tls: { bind: "127.0.0.1:0", protocol: https, pool: echo, tls: { certificates: [ { cert: ${certFile}, key: ${keyFile} } ] } }
  dead: { bind: "127.0.0.1:0", pool: dead }
pools:
  echo: { servers: [ { address: "127.0.0.1:${server.port}" } ], upstream: { protocol: http2 }, health: { type: tcp, interval: 1s } }
  dead: { servers: [ { address: "127.0.0.1:${await closedPort()}" } ], upstream: { protocol: http2 }, health: { type: tcp, interval: 1s } }
`)
  tidegate.start()
  await tidegate.until('a healthy member', async () =>
    (await tidegate.pool('echo'))?.members.every(({ state }) => state === 'healthy'),
  )
})

afterAll(async () => {
  server.stop()
  await tidegate[Symbol.asyncDispose]()
  authority.remove()
})

async function connect(listener: string): Promise<Echo> {
  const { port } = new URL(await tidegate.url(listener))
  const credentials =
    listener === 'tls'
      ? grpc.credentials.createSsl(Buffer.from(authority.ca.cert))
      : grpc.credentials.createInsecure()
  return new EchoClient(`localhost:${port}`, credentials)
}

interface Outcome {
  readonly value: string | undefined
  readonly status: grpc.StatusObject
}

/** The answer and the status of a call of one request. */
function unary(client: Echo, text: string, options: grpc.CallOptions = {}): Promise<Outcome> {
  const metadata = new grpc.Metadata()
  metadata.set('x-sent', 'sent')
  return new Promise((resolve) => {
    let value: string | undefined
    const call = client.unary!(text, metadata, options, (_error: unknown, answer?: string) => {
      value = answer
    }) as grpc.ClientUnaryCall
    call.on('status', (status: grpc.StatusObject) => resolve({ value, status }))
  })
}

async function all(call: AsyncIterable<string>): Promise<string[]> {
  const heard: string[] = []
  for await (const part of call) heard.push(part)
  return heard
}

describe.each(['plain', 'tls'])('gRPC over %s', (listener) => {
  test('a call, its metadata, and its trailers', async () => {
    const client = await connect(listener)
    const { value, status } = await unary(client, 'hello')
    expect(value).toBe('hello sent')
    expect(status.code).toBe(grpc.status.OK)
    expect(status.metadata.get('x-trailer')).toEqual(['there'])
    expect(status.metadata.get('x-blob-bin')).toEqual([Buffer.from([0, 255, 10, 13])])
    client.close()
  })

  test('a failure in its own words', async () => {
    const client = await connect(listener)
    const { status } = await unary(client, 'fail')
    expect(status).toMatchObject({ code: grpc.status.NOT_FOUND, details: 'nothing of that name: ü' })
    expect(status.metadata.get('x-trailer')).toEqual(['there'])
    client.close()
  })

  test('streams of either side, and of both', async () => {
    const client = await connect(listener)
    expect(await all(client.count!('500') as never)).toEqual(
      Array.from({ length: 500 }, (_, nth) => `${nth}`),
    )
    const joined = new Promise((resolve, reject) => {
      const call = client.join!((error: unknown, value: string) => (error ? reject(error) : resolve(value)))
      for (const part of ['a', 'b', 'c']) call.write(part)
      call.end()
    })
    expect(await joined).toBe('a b c')
    const chat = client.chat!() as unknown as grpc.ClientDuplexStream<string, string>
    for (const part of ['one', 'two', 'three']) {
      chat.write(part)
      // Each is answered before the next is sent: nothing waits for more.
      expect((await once(chat, 'data'))[0]).toBe(`re: ${part}`)
    }
    chat.end()
    await once(chat, 'end')
    client.close()
  })

  test('a cancelled call ends at the server', async () => {
    const client = await connect(listener)
    const before = server.cancelled
    const call = client.count!('endless') as unknown as grpc.ClientReadableStream<string>
    call.on('error', () => {})
    await once(call, 'data')
    call.cancel()
    const chat = client.chat!() as unknown as grpc.ClientDuplexStream<string, string>
    chat.on('error', () => {})
    chat.write('one')
    await once(chat, 'data')
    chat.cancel()
    await tidegate.until('the cancellations', () => server.cancelled === before + 2)
    client.close()
  })

  test('a deadline reaches the server, and ends the call there', async () => {
    const client = await connect(listener)
    const before = server.cancelled
    const { status } = await unary(client, 'silence', { deadline: Date.now() + 500 })
    expect(status.code).toBe(grpc.status.DEADLINE_EXCEEDED)
    expect(Number(server.deadline)).toBeLessThan(Date.now() + 1_000)
    await tidegate.until('the end', () => server.cancelled === before + 1)
    client.close()
  })
})

test("a deadline beyond the listener's limit of silence is kept", async () => {
  const client = await connect('plain')
  const startedAt = performance.now()
  const { status } = await unary(client, 'silence', { deadline: Date.now() + 2_500 })
  expect(status.code).toBe(grpc.status.DEADLINE_EXCEEDED)
  expect(performance.now() - startedAt).toBeGreaterThan(2_000)
  // Without one, the limit holds, and is told in gRPC's words.
  const limited = await unary(client, 'silence')
  expect(limited.status).toMatchObject({ code: grpc.status.DEADLINE_EXCEEDED })
  expect(limited.status.details).toContain('504')
  client.close()
})

test('a pool without a server is UNAVAILABLE', async () => {
  const client = await connect('dead')
  expect((await unary(client, 'hello')).status).toMatchObject({
    code: grpc.status.UNAVAILABLE,
    details: 'the gateway answers 503',
  })
  client.close()
})
