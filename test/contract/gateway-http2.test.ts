import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { answerOf, Http2Client } from '../kit/http2.ts'
import {
  answering,
  atRest,
  cleanUp,
  closedPort,
  gateway,
  HELLO,
  Holding,
  serve,
  type Traffic,
  type TrafficOptions,
  until,
} from '../kit/traffic.ts'

const clients: Http2Client[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.session.destroy()
  await cleanUp()
})

async function talk(options: TrafficOptions): Promise<{ client: Http2Client; traffic: Traffic }> {
  const traffic = await gateway(options)
  return { client: speak(traffic), traffic }
}

function speak(traffic: Traffic): Http2Client {
  const client = new Http2Client(`http://127.0.0.1:${traffic.port}`)
  clients.push(client)
  return client
}

describe('a client of HTTP/2', () => {
  test('is answered by a server of HTTP/1.1, many requests at once', async () => {
    const server = await serve(answering((head) => HELLO.replace('hello', /\d{5}/.exec(head)![0])))
    const { client } = await talk({ servers: [server.port] })
    const paths = Array.from({ length: 50 }, (_, nth) => `/${10000 + nth}`)
    const answers = await Promise.all(paths.map((path) => client.get(path)))
    expect(answers.map(({ status, body }) => `${status} /${body}`)).toEqual(
      paths.map((path) => `200 ${path}`),
    )
    expect(answers[0]!.fields).toMatchObject({ 'content-length': '5', via: '1.1 tidegate' })
  })

  test('hears every line of an early answer', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n'
    const server = await serve(answering(() => hints + HELLO))
    const { client } = await talk({ servers: [server.port] })
    const stream = client.request({})
    const [fields] = await once(stream, 'headers')
    expect(fields).toMatchObject({ ':status': 103, link: '</a>, </b>' })
    expect((await answerOf(stream)).status).toBe(200)
  })

  test('sends bodies of a known length and of none', async () => {
    const heard: string[] = []
    const server = await serve((socket) => {
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
        if (!/hello|0\r\n\r\n$/.test(text) || (text.includes('chunked') && !text.endsWith('0\r\n\r\n')))
          return
        heard.push(text)
        text = ''
        socket.write(HELLO)
      })
    })
    const { client } = await talk({ servers: [server.port] })
    expect((await client.post('/a', 'hello', { 'content-length': 5 })).status).toBe(200)
    expect((await client.post('/b', 'world')).status).toBe(200)
    expect(heard[0]).toMatch(/^POST \/a HTTP\/1.1\r\nhost: 127.*content-length: 5\r\n.*\r\n\r\nhello$/is)
    expect(heard[1]).toMatch(/transfer-encoding: chunked\r\n.*\r\n\r\n5\r\nworld\r\n0\r\n\r\n$/is)
  })

  test('gets chunks as they come, and trailers', async () => {
    const holding = new Holding()
    const server = await serve(holding.speak)
    const { client } = await talk({ servers: [server.port] })
    const stream = client.request({ te: 'trailers' })
    const answer = answerOf(stream)
    await holding.answer(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n5\r\nfirst\r\n',
    )
    const [first] = await once(stream, 'data')
    expect(`${first}`).toBe('first')
    for (const socket of server.sockets) socket.write('6\r\nsecond\r\n0\r\nX-Sum: 42\r\n\r\n')
    expect(await answer).toMatchObject({ body: 'firstsecond', trailers: { 'x-sum': '42' }, code: 0 })
  })

  test('is told what the gateway itself answers', async () => {
    const { client } = await talk({ servers: [await closedPort()] })
    const answer = await client.get('/')
    expect(answer).toMatchObject({ status: 503, fields: { 'retry-after': '1' } })
    expect(answer.body).toContain('503 Service Unavailable')
    expect(await client.get('/a/../b')).toMatchObject({ status: 400 })
    expect(await client.get('/', { ':method': 'HEAD' })).toMatchObject({ status: 503, body: '' })
  })

  test('is told by gRPC when it speaks that', async () => {
    const { client } = await talk({ servers: [await closedPort()] })
    const answer = await client.get('/', { 'content-type': 'application/grpc', te: 'trailers' })
    expect(answer).toMatchObject({ status: 200, body: '', fields: { 'grpc-status': '14' } })
    const stream = client.request({ ':method': 'POST', 'content-type': 'application/grpc' }, false)
    stream.write('some of a body')
    expect(await answerOf(stream)).toMatchObject({ status: 200, fields: { 'grpc-status': '14' } })
  })

  test('may ask to go on before it sends a body', async () => {
    const server = await serve(answering(() => HELLO))
    const { client } = await talk({ servers: [server.port] })
    const stream = client.request({ ':method': 'POST', expect: '100-continue', 'content-length': 2 }, false)
    await once(stream, 'continue')
    stream.end('hi')
    expect(await answerOf(stream)).toMatchObject({ status: 200 })
  })
})

describe('either side ends', () => {
  test('a client that cancels frees its server', async () => {
    const holding = new Holding()
    const server = await serve(holding.speak)
    const { client, traffic } = await talk({ servers: [server.port] })
    const stream = client.request({})
    await until(
      () => holding.count === 1,
      () => 'the request',
    )
    stream.close(8)
    await until(
      () => traffic.gauges().serverConnections === 0,
      () => 'the end of the server connection',
    )
    expect(traffic.gauges()).toMatchObject({ serverInFlight: 0, poolInFlight: 0, clients: 1 })
    expect(client.closed).toBe(false)
  })

  test.each([
    ['sized', 'Content-Length: 50\r\n\r\nhel'],
    ['chunked', 'Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n'],
  ])('a %s answer that breaks off resets only its stream', async (_, begun) => {
    const server = await serve(
      answering((head) => (head.includes('/good') ? HELLO : `HTTP/1.1 200 OK\r\n${begun}`)),
    )
    const { client } = await talk({ servers: [server.port] })
    const broken = client.request({ ':path': '/bad' })
    const answer = answerOf(broken)
    await once(broken, 'data')
    for (const socket of server.sockets) socket.destroy()
    expect(await answer).toMatchObject({ status: 200, code: 2 })
    expect(await client.get('/good')).toMatchObject({ status: 200, body: 'hello' })
  })

  test('a client that vanishes leaves nothing', async () => {
    const holding = new Holding()
    const server = await serve(holding.speak)
    const { client, traffic } = await talk({ servers: [server.port], upstream: { idleMs: 0 } })
    for (let nth = 0; nth < 5; nth++) client.request({})
    await until(
      () => holding.count === 5,
      () => 'five requests',
    )
    client.session.destroy()
    await atRest(traffic)
  })

  test('a client that ends its side of the connection in silence leaves nothing', async () => {
    const { traffic } = await talk({ servers: [] })
    const socket = connect(traffic.port, '127.0.0.1')
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')
    await once(socket, 'data')
    socket.resume()
    socket.end()
    await once(socket, 'close')
  })

  test('a listener that goes says goodbye, and finishes what runs', async () => {
    const holding = new Holding()
    const server = await serve(holding.speak)
    const { client, traffic } = await talk({ servers: [server.port] })
    const answer = client.get('/')
    await until(
      () => holding.count === 1,
      () => 'the request',
    )
    const drained = traffic.server.drain(5_000)
    await until(
      () => client.goaway === 0,
      () => 'GOAWAY',
    )
    await holding.answer(HELLO)
    expect(await answer).toMatchObject({ status: 200, body: 'hello' })
    await drained
    await until(
      () => client.closed,
      () => 'the end of the connection',
    )
  })

  test('an idle connection is closed', async () => {
    const { client } = await talk({ servers: [], limits: { idleMs: 200 } })
    await client.get('/')
    await until(
      () => client.closed,
      () => 'the end of the connection',
    )
    expect(client.goaway).toBe(0)
  })
})

/** Waits until a count stands still for a while. */
async function stops(count: () => number): Promise<void> {
  let before = -1
  let same = 0
  await until(
    () => {
      same = count() === before ? same + 1 : 0
      before = count()
      return same === 40
    },
    () => 'a count to stop',
  )
}

describe('backpressure', () => {
  test('a client that does not read stops its server', async () => {
    let written = 0
    const server = await serve((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        const part = `4000\r\n${'x'.repeat(0x4000)}\r\n`
        const go = () => {
          while (written < 2000 && socket.write(part)) written++
        }
        socket.on('drain', go)
        go()
      })
    })
    const { client } = await talk({ servers: [server.port] })
    const stream = client.request({})
    await once(stream, 'response')
    stream.pause()
    await stops(() => written)
    expect(written).toBeLessThan(1500)
    stream.resume()
    await until(
      () => written === 2000,
      () => 'the rest',
    )
  })

  test('a server that does not read stops its client', async () => {
    const server = await serve((socket) => socket.pause())
    const { client } = await talk({ servers: [server.port] })
    const stream = client.request({ ':method': 'POST' }, false)
    let taken = 0
    const go = () => {
      while (taken < 1500 && stream.write(Buffer.alloc(16384))) taken++
    }
    stream.on('drain', go)
    go()
    await stops(() => taken)
    expect(taken).toBeLessThan(1000)
    for (const socket of server.sockets) socket.resume()
    await until(
      () => taken === 1500,
      () => 'the rest',
    )
  })
})
