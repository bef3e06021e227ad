import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import type { RuleSpec } from '../../src/core/rule.ts'
import { Http2Client } from '../kit/http2.ts'
import { atRest, cleanUp, dial, gateway, serve, type Traffic, until } from '../kit/traffic.ts'

afterEach(cleanUp)

const UPGRADE = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const WEBSOCKET = { ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'http', ':authority': 'a' }
const SWITCHES =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nServer: x\r\nX-Kept: 1\r\n\r\n'
const AFFINITY = { cookie: 'SID', lifetimeMs: 3_600_000, secret: null, key: 'a key' }

/** All that touches answers, before a server that becomes a tunnel and says everything back. */
const RULE: RuleSpec = {
  match: {},
  action: {
    kind: 'split',
    shares: [{ pool: 'chat', weight: 1 }],
    sticky: { by: 'cookie', name: 'pick', lifetimeMs: 60_000 },
  },
  rateLimit: { requests: 10, perMs: 1_000, burst: 5, key: { by: 'rule' } },
  compress: { encodings: ['gzip'], leastBytes: 0, types: ['*/*'] },
  sizes: { requestBytes: 100, responseBytes: 100 },
  response: {
    remove: ['server'],
    set: [{ name: 'x-path', value: `\${path}` }],
    add: [{ name: 'x-more', value: 'y' }],
  },
}

async function tunnelling(): Promise<Traffic> {
  const server = await serve((socket) => {
    socket.once('data', () => {
      socket.write(SWITCHES)
      socket.on('data', (data) => socket.write(data))
    })
    socket.on('end', () => socket.end())
  })
  return gateway({
    servers: [server.port],
    pools: { chat: [server.port] },
    pool: { affinity: AFFINITY },
    rules: [RULE],
  })
}

test('a 101 has what rules, limits and sessions add to answers, and loses what they remove', async () => {
  const traffic = await tunnelling()
  const client = await dial(traffic)
  const head = await client.send(UPGRADE).hears('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
  expect(head).toContain('\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n')
  expect(head).toContain('\r\nX-Kept: 1\r\n')
  expect(head).not.toMatch(/^server:/im)
  expect(head).toContain('\r\nx-path: /chat\r\n')
  expect(head).toContain('\r\nx-more: y\r\n')
  expect(head).toMatch(/\r\nRateLimit: "rule";r=5;/)
  expect(head).toMatch(/\r\nSet-Cookie: SID=[\w-]{22};/)
  expect(head).toMatch(/\r\nSet-Cookie: pick=[0-9a-f]{16};/)
  expect(head).not.toMatch(/content-encoding|transfer-encoding|content-length/i)
  client.forget().send('over the tunnel')
  expect(await client.hears('over the tunnel')).toBe('over the tunnel')
  client.socket.end()
  await atRest(traffic)
})

test('so has the 200 that stands for it in HTTP/2', async () => {
  const traffic = await tunnelling()
  const client = new Http2Client(`http://127.0.0.1:${traffic.port}`)
  await once(client.session, 'remoteSettings')
  const stream = client.request({ ...WEBSOCKET, ':path': '/chat' }, false)
  let heard = ''
  stream.on('data', (chunk) => (heard += chunk))
  const [fields] = await once(stream, 'response')
  expect(fields).toMatchObject({ ':status': 200, 'x-kept': '1', 'x-path': '/chat', 'x-more': 'y' })
  expect(fields).not.toHaveProperty('server')
  expect(fields.ratelimit).toMatch(/^"rule";r=5;/)
  expect(fields['set-cookie']).toEqual([
    expect.stringMatching(/^pick=[0-9a-f]{16};/),
    expect.stringMatching(/^SID=[\w-]{22};/),
  ])
  stream.write('over the tunnel')
  await until(
    () => heard === 'over the tunnel',
    () => `the echo in ${heard}`,
  )
  stream.end()
  await once(stream, 'close')
  client.session.destroy()
  await atRest(traffic)
})
