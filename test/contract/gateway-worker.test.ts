import { afterEach, expect, test } from 'vitest'
import { answering, cleanUp, dial, gateway, HELLO, serve, until } from '../kit/traffic.ts'

afterEach(cleanUp)

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

test('answers pipelined requests in order, one at a time', async () => {
  let together = 0
  let most = 0
  const server = await serve((socket) => {
    socket.on('data', (chunk) => {
      most = Math.max(most, ++together)
      const path = /GET (\S+)/.exec(chunk.toString())![1]!
      setTimeout(() => {
        together--
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`)
      }, 5)
    })
  })
  const client = await dial(await gateway({ servers: [server.port] }))
  const paths = Array.from({ length: 20 }, (_, n) => `/number-${n}.`)
  client.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
  const heard = await client.hears('/number-19.')
  const order = [...heard.matchAll(/\/number-\d+\./g)].map((match) => match[0])
  expect(order).toEqual(paths)
  expect(most).toBe(1)
})

test('a head split at every byte is still one request', async () => {
  const server = await serve(answering(() => HELLO))
  const client = await dial(await gateway({ servers: [server.port] }))
  for (const byte of 'GET /split HTTP/1.1\r\nHost: a\r\n\r\n') {
    client.send(byte)
    await new Promise(setImmediate)
  }
  await client.hears('hello')
})

test('streams sized and chunked bodies both ways, re-framed', async () => {
  const heads: string[] = []
  const server = await serve((socket) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (!text.endsWith('0\r\n\r\n') && !text.endsWith('[end]')) return
      heads.push(text)
      text = ''
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nfirst\r\n')
      setTimeout(() => socket.write('6\r\nsecond\r\n0\r\n\r\n'), 10)
    })
  })
  const client = await dial(await gateway({ servers: [server.port] }))
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
  await new Promise((done) => setTimeout(done, 10))
  client.send('[end]')
  expect(await client.hears('0\r\n\r\n')).toMatch(
    /chunked\r\n[\s\S]*\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n$/,
  )
  expect(heads[0]).toMatch(/content-length: 10[\s\S]*\r\n\r\nhello\[end\]$/i)

  client.forget().send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;e')
  await new Promise((done) => setTimeout(done, 10))
  client.send('xt\r\nde\r\n0\r\n\r\n')
  await client.hears('0\r\n\r\n')
  expect(heads[1]).toMatch(/transfer-encoding: chunked[\s\S]*\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n$/i)
  expect(server.accepted).toBe(1)
})

test('passes trailers on to who wants them', async () => {
  const server = await serve(
    answering(
      () =>
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n',
    ),
  )
  const client = await dial(await gateway({ servers: [server.port] }))
  client.send('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n')
  expect(await client.hears('\r\n0\r\n')).toContain('0\r\nX-Sum: 42\r\n\r\n')
})

test('an answer that ends with its connection reaches the client whole, chunked or closed', async () => {
  const server = await serve((socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'))
  })
  const traffic = await gateway({ servers: [server.port] })
  const modern = await dial(traffic)
  modern.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await modern.hears('0\r\n\r\n')).toMatch(/chunked[\s\S]*until the end\r\n0\r\n\r\n$/i)
  const old = await dial(traffic)
  old.send('GET / HTTP/1.0\r\n\r\n')
  expect(await old.hearsEnd()).toMatch(/\r\n\r\nuntil the end$/)
})

test('answers to HEAD, 204 and 304 have no body, whatever they announce', async () => {
  const answers: Record<string, string> = {
    HEAD: 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n',
    GET: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n',
    OPTIONS: 'HTTP/1.1 204 No Content\r\n\r\n',
    POST: HELLO,
  }
  const server = await serve(answering((head) => answers[head.split(' ')[0]!]!))
  const client = await dial(await gateway({ servers: [server.port] }))
  for (const method of ['HEAD', 'GET', 'OPTIONS', 'POST']) {
    client.send(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`)
  }
  const heard = await client.hears('hello')
  expect([...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])).toEqual([
    '200',
    '304',
    '204',
    '200',
  ])
  expect(server.accepted).toBe(1)
})

test('passes interim answers on, but not to HTTP/1.0 clients', async () => {
  const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'
  const server = await serve(answering(() => hint + HELLO))
  const traffic = await gateway({ servers: [server.port] })
  const modern = await dial(traffic)
  modern.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await modern.hears('hello')).toMatch(/^HTTP\/1\.1 103 [\s\S]*a\.css[\s\S]*HTTP\/1\.1 200 /)
  const old = await dial(traffic)
  old.send('GET / HTTP/1.0\r\nHost: a\r\n\r\n')
  expect(await old.hearsEnd()).toMatch(/^HTTP\/1\.1 200 /)
})

test('says 100 Continue once a server has the request, and forwards no Expect', async () => {
  let seen = ''
  const server = await serve((socket) => {
    socket.on('data', (chunk) => {
      seen += chunk.toString()
      if (seen.endsWith('body!')) socket.write(HELLO)
    })
  })
  const client = await dial(await gateway({ servers: [server.port] }))
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n')
  await client.hears('HTTP/1.1 100 Continue\r\n\r\n')
  client.send('body!')
  expect(await client.hears('hello')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
  expect(seen).not.toMatch(/expect/i)
})

test('serves HTTP/1.0 clients: closes by default, keeps on demand', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port] })
  const closing = await dial(traffic)
  closing.send('GET / HTTP/1.0\r\n\r\n')
  expect(await closing.hearsEnd()).toMatch(/hello$/)
  const keeping = await dial(traffic)
  keeping.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  expect(await keeping.hears('hello')).toMatch(/connection: keep-alive/i)
  keeping.forget().send('GET / HTTP/1.0\r\n\r\n')
  expect(await keeping.hearsEnd()).toMatch(/hello$/)
})

test('takes absolute targets and routes by host and path; nowhere is 404', async () => {
  const heads: string[] = []
  const server = await serve(
    answering((head) => {
      heads.push(head)
      return HELLO
    }),
  )
  const match = { host: 'shop.example', path: '/api/*' }
  const rules = [{ match, action: { kind: 'pool' as const, pool: 'main' } }]
  const client = await dial(await gateway({ servers: [server.port], rules }))
  client.send('GET http://shop.example/api/x?y HTTP/1.1\r\nHost: shop.example\r\n\r\n')
  await client.hears('hello')
  expect(heads[0]).toMatch(/^GET \/api\/x\?y HTTP\/1\.1\r\n/)
  client.forget().send('GET /other HTTP/1.1\r\nHost: shop.example\r\n\r\n')
  expect(await client.hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /)
  client.forget().send('GET /api HTTP/1.1\r\nHost: shop.example\r\n\r\n')
  await client.hears('hello')
})

test('malformed requests are refused with their status and the connection ends', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port], limits: { headerBytes: 1000, bodyBytes: 10 } })
  const refusals: [string, number][] = [
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2000)}\r\n\r\n`, 431],
    ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n', 413],
    ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n', 413],
    ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n', 400],
  ]
  for (const [request, status] of refusals) {
    const client = await dial(traffic)
    client.send(request)
    expect(await client.hearsEnd()).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*connection: close`, 'i'),
    )
  }
  await until(
    () => Object.values(traffic.gauges()).every((value) => value === 0),
    () => JSON.stringify(traffic.gauges()),
  )
})

test('an answer that is no HTTP is 502, and its connection is not used again', async () => {
  const server = await serve(answering((head) => (head.includes('/bad') ? 'SSH-2.0-x\r\n\r\n' : HELLO)))
  const client = await dial(await gateway({ servers: [server.port] }))
  client.send('GET /bad HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await client.hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /)
  client.forget().send('GET /good HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.hears('hello')
  expect(server.accepted).toBe(2)
})

test('bytes after an answer are not taken for the next one', async () => {
  const server = await serve(
    answering((head) => (head.includes('/long') ? `${HELLO}HTTP/1.1 200 EVIL\r\n\r\n` : HELLO)),
  )
  const client = await dial(await gateway({ servers: [server.port] }))
  client.send('GET /long HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.hears('hello')
  client.forget().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await client.hears('hello')).not.toContain('EVIL')
  expect(server.accepted).toBe(2)
})
