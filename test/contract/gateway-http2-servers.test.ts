import { once } from 'node:events'
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { afterEach, describe, expect, test } from 'vitest'
import { MEMBER } from '../../src/gateway/lanes.ts'
import { Http2Client, serveHttp2 } from '../kit/http2.ts'
import {
  atRest,
  cleanUp,
  closedPort,
  dial,
  gateway,
  serve,
  type Traffic,
  type TrafficOptions,
  until,
} from '../kit/traffic.ts'

type Http2Server = Awaited<ReturnType<typeof serveHttp2>>
const servers: Http2Server[] = []
const clients: Http2Client[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.session.destroy()
  await cleanUp()
  for (const server of servers.splice(0)) server.stop()
})

async function answer(...about: Parameters<typeof serveHttp2>): Promise<Http2Server> {
  const server = await serveHttp2(...about)
  servers.push(server)
  return server
}

const hello = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200, 'content-length': 5, 'x-from': 'h2' })
  stream.end('hello')
}

async function before(ports: readonly number[], over: Partial<TrafficOptions> = {}): Promise<Traffic> {
  return gateway({ servers: ports, ...over, upstream: { protocol: 'http2', ...over.upstream } })
}

function speak(traffic: Traffic): Http2Client {
  const client = new Http2Client(`http://127.0.0.1:${traffic.port}`)
  clients.push(client)
  return client
}

describe('a server of HTTP/2', () => {
  test('answers clients of either version, over one connection', async () => {
    const heard: OutgoingHttpHeaders[] = []
    const server = await answer((stream, fields) => {
      heard.push(fields)
      hello(stream)
    })
    const traffic = await before([server.port])
    const client = await dial(traffic)
    client.send('GET /one?x=1 HTTP/1.1\r\nHost: a.test\r\nCookie: b=c\r\n\r\n')
    expect(await client.hears('hello')).toMatch(
      /^HTTP\/1.1 200 \r\n.*x-from: h2\r\n.*Content-Length: 5\r\n/is,
    )
    const http2 = speak(traffic)
    const answers = await Promise.all(Array.from({ length: 20 }, () => http2.get('/two')))
    expect(answers.every(({ status, body }) => status === 200 && body === 'hello')).toBe(true)
    expect(heard[0]).toMatchObject({
      ':method': 'GET',
      ':path': '/one?x=1',
      ':authority': 'a.test',
      ':scheme': 'http',
      cookie: 'b=c',
      'x-forwarded-for': '127.0.0.1',
    })
    expect(server.sessions.size).toBe(1)
    expect(traffic.reader.member(0, MEMBER.reused)).toBe(20)
  })

  test('is heard as it speaks: a head does not wait for its body', async () => {
    let answered: ServerHttp2Stream | null = null
    const server = await answer((stream) => {
      stream.respond({ ':status': 200 })
      answered = stream
    })
    const client = await dial(await before([server.port]))
    await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').hears('\r\n\r\n')
    answered!.end('hello')
    await client.hears('hello')
  })

  test('gets all that waits when a new connection takes the place of one that broke', async () => {
    const streams: ServerHttp2Stream[] = []
    const server = await answer((stream) => streams.push(stream), { settings: { maxConcurrentStreams: 5 } })
    const traffic = await before([server.port], { retries: 0, upstream: { maxConnections: 1 } })
    // The limit is known from the first answer on.
    const first = await dial(traffic)
    first.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(
      () => streams.length === 1,
      () => 'the first request',
    )
    hello(streams.shift()!)
    await first.hears('hello')
    for (let n = 0; n < 15; n++) (await dial(traffic)).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(
      () => streams.length === 5,
      () => `five streams, not ${streams.length}`,
    )
    streams.length = 0
    for (const session of server.sessions) session.destroy()
    await until(
      () => streams.length === 5,
      () => `five streams of a new connection, not ${streams.length}`,
    )
  })

  test('takes bodies and gives trailers', async () => {
    const server = await answer((stream, fields) => {
      let body = ''
      stream.on('data', (chunk) => (body += chunk))
      stream.on('end', () => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': `${body.length}` }))
        stream.end(`${fields['content-length'] ?? 'unknown'} ${body}`)
      })
    })
    const traffic = await before([server.port])
    const client = speak(traffic)
    const sent = await client.post('/', 'hello', { te: 'trailers', 'content-length': 5 })
    expect(sent).toMatchObject({ status: 200, body: '5 hello', trailers: { 'x-sum': '5' } })
    const big = 'x'.repeat(300_000)
    expect((await client.post('/', big)).body).toBe(`unknown ${big}`)
    const http1 = await dial(traffic)
    http1.send(
      'POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
    )
    expect(await http1.hears('x-sum: 2\r\n\r\n')).toMatch(/unknown hi\r\n0\r\nx-sum: 2\r\n\r\n$/)
  })

  test('may answer with nothing but a head', async () => {
    const server = await answer((stream) => stream.respond({ ':status': 404 }, { endStream: true }))
    const traffic = await before([server.port])
    const client = await dial(traffic)
    expect(await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').hears('\r\n\r\n')).toMatch(
      /^HTTP\/1.1 404 \r\n.*Content-Length: 0\r\n/s,
    )
    expect(await speak(traffic).get('/')).toMatchObject({ status: 404, body: '' })
    expect((await speak(traffic).get('/', { ':method': 'HEAD' })).status).toBe(404)
  })

  test('may say something first', async () => {
    const server = await answer((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>' })
      hello(stream)
    })
    const client = await dial(await before([server.port]))
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.hears('hello')).toMatch(/^HTTP\/1.1 103 \r\nlink: <\/a>\r\n.*HTTP\/1.1 200 /s)
  })

  test('takes no more streams at once than it says: others wait for their turn', async () => {
    const held: ServerHttp2Stream[] = []
    let most = 0
    const server = await answer(
      (stream, { ':path': path }) => {
        if (path === '/warm') hello(stream)
        else most = Math.max(most, held.push(stream))
      },
      { settings: { maxConcurrentStreams: 2 } },
    )
    const traffic = await before([server.port], { upstream: { maxConnections: 1 } })
    const client = speak(traffic)
    await client.get('/warm')
    const answers = Array.from({ length: 6 }, () => client.get('/'))
    await until(
      () => held.length === 2 && traffic.gauges().poolPending === 4,
      () => 'two requests, and four that wait',
    )
    let answered = 0
    while (answered < 6) {
      await until(
        () => held.length > 0,
        () => 'another request',
      )
      hello(held.shift()!)
      answered++
    }
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(most).toBe(2)
    expect(server.sessions.size).toBe(1)
  })
})

describe('what a server has not looked at goes elsewhere', () => {
  test('a refused stream', async () => {
    let asked = 0
    const refusing = await answer((stream) => {
      asked++
      stream.close(constants.NGHTTP2_REFUSED_STREAM)
    })
    const other = await answer(hello)
    const client = speak(await before([refusing.port, other.port]))
    for (let nth = 0; nth < 4; nth++) {
      expect(await client.get('/', { ':method': 'DELETE' })).toMatchObject({ status: 200 })
    }
    expect(asked).toBeGreaterThan(0)
  })

  test('a server that is not there', async () => {
    const server = await answer(hello)
    const client = speak(await before([await closedPort(), server.port]))
    for (let nth = 0; nth < 4; nth++) expect(await client.get('/')).toMatchObject({ status: 200 })
    const nobody = speak(await before([await closedPort()]))
    expect(await nobody.get('/')).toMatchObject({ status: 503 })
  })

  test('a connection that says goodbye is replaced, and what runs on it ends', async () => {
    const held: ServerHttp2Stream[] = []
    const server = await answer((stream, fields) =>
      fields[':path'] === '/held' ? held.push(stream) : hello(stream),
    )
    const client = speak(await before([server.port]))
    const slow = client.get('/held')
    await until(
      () => held.length === 1,
      () => 'the request',
    )
    held[0]!.session!.goaway()
    await new Promise((done) => setTimeout(done, 20))
    for (let nth = 0; nth < 3; nth++) expect(await client.get('/')).toMatchObject({ status: 200 })
    expect(server.sessions.size).toBe(2)
    hello(held[0]!)
    expect(await slow).toMatchObject({ status: 200, body: 'hello' })
  })
})

describe('what a server has begun is not repeated', () => {
  test('an answer that breaks off', async () => {
    const server = await answer((stream) => {
      stream.respond({ ':status': 200 })
      stream.write('part')
      setTimeout(() => stream.destroy(new Error('broken')), 10)
    })
    const traffic = await before([server.port])
    expect(await speak(traffic).get('/')).toMatchObject({ status: 200, body: 'part', code: 2 })
    const client = await dial(traffic)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.hearsEnd()).not.toContain('0\r\n\r\n')
  })

  test('a connection that breaks', async () => {
    const server = await answer((stream) => stream.session!.destroy())
    const traffic = await before([server.port])
    expect(await speak(traffic).post('/', 'x')).toMatchObject({ status: 502 })
    await until(
      () => traffic.gauges().serverConnections === 0,
      () => 'no connection',
    )
  })

  test('a server that speaks something else', async () => {
    const server = await serve((socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    )
    expect(await speak(await before([server.port])).post('/', 'x')).toMatchObject({ status: 502 })
  })
})

describe('either side ends', () => {
  test('a client that cancels resets the stream, not the connection', async () => {
    const held: ServerHttp2Stream[] = []
    const server = await answer((stream, { ':path': path }) =>
      path === '/held' ? held.push(stream) : hello(stream),
    )
    const traffic = await before([server.port])
    const client = speak(traffic)
    const stream = client.request({ ':path': '/held', ':method': 'POST' }, false)
    stream.write('part')
    await until(
      () => held.length === 1,
      () => 'the request',
    )
    let isWhole = false
    held[0]!.on('end', () => (isWhole = !held[0]!.aborted)).resume()
    stream.destroy(new Error('enough'))
    await until(
      () => held[0]!.destroyed,
      () => 'the reset',
    )
    expect(held[0]!.rstCode).not.toBe(0)
    expect(isWhole).toBe(false)
    expect(await client.get('/')).toMatchObject({ status: 200 })
    expect(server.sessions.size).toBe(1)
  })

  test('a silent server is given up after its time', async () => {
    const server = await answer(() => {})
    const client = speak(await before([server.port], { limits: { responseMs: 200 } }))
    expect(await client.get('/')).toMatchObject({ status: 504 })
  })

  test('an idle connection is closed, and nothing is left', async () => {
    const server = await answer(hello)
    const traffic = await before([server.port], { upstream: { idleMs: 200 } })
    const client = speak(traffic)
    await client.get('/')
    await until(
      () => server.sessions.size === 0,
      () => 'the end of the connection',
    )
    client.session.close()
    await atRest(traffic)
  })

  test('a server that leaves the pool is left', async () => {
    const [one, two] = [await answer(hello), await answer(hello)]
    const traffic = await before([one.port, two.port])
    const client = speak(traffic)
    for (let nth = 0; nth < 4; nth++) await client.get('/')
    await traffic.apply([two.port])
    await until(
      () => one.sessions.size === 0,
      () => 'the end of the connection',
    )
    expect(await client.get('/')).toMatchObject({ status: 200 })
  })
})

describe('backpressure', () => {
  test('a client that does not read stops its server', async () => {
    let written = 0
    const server = await answer((stream) => {
      stream.respond({ ':status': 200 })
      const part = Buffer.alloc(0x4000)
      const go = () => {
        while (written < 2000) {
          written++
          if (!stream.write(part)) return
        }
      }
      stream.on('drain', go)
      go()
    })
    const client = speak(await before([server.port]))
    const stream = client.request({})
    await once(stream, 'response')
    stream.pause()
    await new Promise((done) => setTimeout(done, 300))
    expect(written).toBeLessThan(500)
    stream.resume()
    await until(
      () => written === 2000,
      () => 'the rest',
    )
  })

  test('a server that does not read stops its client', async () => {
    const held: ServerHttp2Stream[] = []
    const server = await answer((stream) => held.push(stream.pause() as ServerHttp2Stream))
    const client = speak(await before([server.port]))
    const stream = client.request({ ':method': 'POST' }, false)
    let taken = 0
    const go = () => {
      while (taken < 1500) {
        taken++
        if (!stream.write(Buffer.alloc(16384))) return
      }
    }
    stream.on('drain', go)
    go()
    await until(
      () => held.length === 1,
      () => 'the request',
    )
    await new Promise((done) => setTimeout(done, 300))
    expect(taken).toBeLessThan(500)
    held[0]!.resume()
    await until(
      () => taken === 1500,
      () => 'the rest',
    )
  })
})
