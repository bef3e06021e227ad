import { execFileSync } from 'node:child_process'
import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import grpc from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ProbeCheck, ProbeTarget } from '../../src/probing/attempt.ts'
import { probe } from '../../src/probing/probe.ts'
import { Authority } from '../kit/certificates.ts'
import { closedPort, until } from '../kit/traffic.ts'

const never = new AbortController().signal
const open: (() => unknown)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function said(target: ProbeTarget, change: Partial<ProbeCheck>): Promise<string> {
  const check: ProbeCheck = {
    type: 'tcp',
    path: '/',
    expect: { from: 200, to: 399 },
    timeoutMs: 5_000,
    ...change,
  }
  const { ok, detail } = await probe(target, check, never)
  return `${ok ? 'passes' : 'fails'}: ${detail}`
}

async function listening(server: Server): Promise<ProbeTarget> {
  open.push(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

/** Says `+PONG` to `PING`, as Redis does; closes on all else. */
function ponging(socket: Socket): void {
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    if (`${bytes}` === 'PING\r\n') socket.write('+PONG\r\n')
    else socket.end()
  })
}

describe('tcp', () => {
  test.each([
    { what: 'a connection is enough', change: {}, says: 'passes: connected' },
    {
      what: 'what it answers',
      change: { send: 'PING\r\n', answer: { regex: '^\\+PONG' } },
      says: 'passes: answered as expected',
    },
    {
      what: 'what it should answer',
      change: { send: 'PING\r\n', answer: { text: '-ERR' }, timeoutMs: 50 },
      says: 'fails: the answer does not contain "-ERR" within 50 ms',
    },
    {
      what: 'an end without an answer',
      change: { send: 'QUIT\r\n', answer: { text: 'PONG' } },
      says: 'fails: the answer does not contain "PONG"',
    },
  ])('$what', async ({ change, says }) => {
    expect(await said(await listening(createServer(ponging)), change)).toBe(says)
  })

  test('nobody listens', async () => {
    expect(await said({ host: '127.0.0.1', port: await closedPort() }, {})).toMatch(
      /^fails: connect ECONNREFUSED/,
    )
  })

  test('its own port is not told of the client', async () => {
    let heard = ''
    const target = await listening(
      createServer((socket) => {
        socket.on('data', (bytes) => (heard += bytes))
        setTimeout(() => socket.end('hello'), 20)
      }),
    )
    const preamble = Buffer.from('PROXY UNKNOWN\r\n')
    const check = { answer: { text: 'hello' } }
    expect(await said({ ...target, preamble }, { ...check, port: target.port })).toMatch(/^passes/)
    expect(heard).toBe('')
    expect(await said({ ...target, preamble }, check)).toMatch(/^passes/)
    expect(heard).toBe('PROXY UNKNOWN\r\n')
  })
})

describe('tls', () => {
  let authority: Authority
  beforeAll(() => {
    authority = new Authority()
  })
  afterAll(() => authority.remove())

  const trusting = () => ({
    verify: true,
    ca: authority.ca.certFile,
    serverName: null,
    cert: null,
    key: null,
  })

  test('a handshake, a greeting behind it, and a name that does not fit', async () => {
    const { cert, key } = authority.issue(['localhost', '127.0.0.1'])
    const target = await listening(tls.createServer({ cert, key }, ponging))
    const check = { type: 'tls', tls: trusting() } as const
    expect(await said(target, check)).toBe('passes: handshake done')
    const asked = { ...check, send: 'PING\r\n', answer: { text: 'PONG' } }
    expect(await said(target, asked)).toBe('passes: answered as expected')
    expect(await said(target, { ...check, tls: { ...trusting(), serverName: 'a.test' } })).toMatch(
      /^fails: Host: a\.test/,
    )
  })

  test('a server that wants another certificate is found out by its answer', async () => {
    const { cert, key } = authority.issue(['127.0.0.1'])
    const options = { cert, key, ca: authority.ca.cert, requestCert: true }
    const server = tls.createServer(options, (socket) => socket.on('error', () => {}).end('hello'))
    const target = await listening(server.on('tlsClientError', () => {}))
    const check = { type: 'tls', answer: { text: 'hello' } } as const
    const own = authority.issue(['us'])
    const mutual = { ...trusting(), cert: own.certFile, key: own.keyFile }
    expect(await said(target, { ...check, tls: mutual })).toBe('passes: answered as expected')
    expect(await said(target, { ...check, tls: trusting() })).toMatch(/^fails: .*certificate required$/)
  })

  test('forty at once, and none of their sockets is left', async () => {
    const { cert, key } = authority.issue(['127.0.0.1'])
    let connections = 0
    const server = tls.createServer({ cert, key }, ponging)
    server.on('connection', (socket: Socket) => {
      connections++
      socket.on('close', () => connections--)
    })
    const target = await listening(server)
    const all = await Promise.all(
      Array.from({ length: 40 }, () => said(target, { type: 'tls', tls: trusting() })),
    )
    expect(new Set(all)).toEqual(new Set(['passes: handshake done']))
    await until(
      () => connections === 0,
      () => `${connections} connections to end`,
    )
  })
})

describe('grpc', () => {
  const health: grpc.ServiceDefinition = {
    check: {
      path: '/grpc.health.v1.Health/Check',
      requestStream: false,
      responseStream: false,
      requestSerialize: (bytes: Buffer) => bytes,
      requestDeserialize: (bytes: Buffer) => ({ service: bytes.subarray(2).toString() }),
      responseSerialize: (status: number) => Buffer.from([8, status]),
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  }
  const STATUS: Readonly<Record<string, number>> = { '': 1, 'shop.Cart': 1, 'shop.Stock': 2 }

  async function serving(definition: grpc.ServiceDefinition): Promise<ProbeTarget> {
    const server = new grpc.Server()
    const check: grpc.handleUnaryCall<{ service: string }, number> = ({ request }, done) => {
      const status = STATUS[request.service]
      if (status === undefined) done({ code: grpc.status.NOT_FOUND, details: 'unknown' })
      else done(null, status)
    }
    server.addService(definition, { check })
    open.push(() => server.forceShutdown())
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    )
    return { host: '127.0.0.1', port }
  }

  test.each([
    { service: undefined, says: 'passes: SERVING' },
    { service: 'shop.Cart', says: 'passes: SERVING' },
    { service: 'shop.Stock', says: 'fails: NOT_SERVING' },
    { service: 'shop.None', says: 'fails: the server knows no service shop.None' },
  ])('$service', async ({ service, says }) => {
    expect(await said(await serving(health), { type: 'grpc', ...(service && { service }) })).toBe(says)
  })

  test('a server without the health service', async () => {
    const other = { check: { ...health.check!, path: '/test.Other/Check' } }
    const target = await serving(other as grpc.ServiceDefinition)
    expect(await said(target, { type: 'grpc' })).toBe('fails: the server has no grpc.health.v1.Health')
  })
})

describe('udp', () => {
  async function answering(answer: string | null): Promise<ProbeTarget> {
    const socket: Datagrams = createSocket('udp4')
    open.push(() => socket.close())
    socket.on('message', (_bytes, { port, address }) => {
      if (answer !== null) socket.send(answer, port, address)
    })
    await once(socket.bind(0, '127.0.0.1'), 'listening')
    return { host: '127.0.0.1', port: socket.address().port }
  }

  test.each([
    { what: 'any answer', answer: 'pong', change: {}, says: 'passes: answered' },
    { what: 'the answer', answer: 'pong', change: { answer: { text: 'pong' } }, says: 'passes: answered' },
    {
      what: 'another answer',
      answer: 'nope',
      change: { answer: { text: 'pong' } },
      says: 'fails: the answer does not contain "pong"',
    },
    {
      what: 'silence',
      answer: null,
      // Long enough for a busy machine to have sent the question.
      change: { timeoutMs: 500 },
      says: 'passes: nobody says that the port is closed',
    },
    {
      what: 'silence where an answer is due',
      answer: null,
      change: { answer: { text: 'pong' }, timeoutMs: 50 },
      says: 'fails: no answer within 50 ms',
    },
  ])('$what', async ({ answer, change, says }) => {
    expect(await said(await answering(answer), { type: 'udp', send: 'ping', ...change })).toBe(says)
  })

  test('a closed port', async () => {
    expect(await said({ host: '127.0.0.1', port: await closedPort() }, { type: 'udp' })).toBe(
      'fails: port unreachable',
    )
  })
})

const hasPing = (() => {
  try {
    execFileSync('ping', ['-n', '-c', '1', '127.0.0.1'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()
test.skipIf(!hasPing && process.env.CI === undefined)(
  'icmp: an echo, and a name that there is not',
  async () => {
    expect(await said({ host: '127.0.0.1', port: 1 }, { type: 'icmp' })).toBe('passes: echoed')
    expect(await said({ host: 'nobody.invalid', port: 1 }, { type: 'icmp' })).toMatch(/^fails: no echo/)
  },
)

describe('command', () => {
  const target = { host: '192.0.2.7', port: 8080 }
  const shell = (script: string) => ({ type: 'command', command: ['/bin/sh', '-c', script] }) as const

  test.each([
    {
      what: 'exit code 0',
      change: shell('echo $TIDEGATE_HOST:$TIDEGATE_PORT'),
      says: 'passes: exit code 0: 192.0.2.7:8080',
    },
    { what: 'another', change: shell('echo lagging >&2; exit 3'), says: 'fails: exit code 3: lagging' },
    { what: 'a signal', change: shell('kill -TERM $$'), says: 'fails: ended by SIGTERM' },
    {
      what: 'no such program',
      change: { type: 'command', command: ['/no/such'] } as const,
      says: 'fails: there is no program /no/such here',
    },
  ])('$what', async ({ change, says }) => {
    expect(await said(target, change)).toBe(says)
  })

  test('what it has started goes with it at the timeout', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-check-'))
    open.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'pids')
    const check = shell(`sleep 600 & echo $! >${file}; echo $$ >>${file}; wait`)
    expect(await said(target, { ...check, timeoutMs: 300 })).toBe('fails: no answer within 300 ms')
    const pids = readFileSync(file, 'utf8').trim().split('\n')
    expect(pids).toHaveLength(2)
    const alive = () => pids.filter((pid) => existsSync(`/proc/${pid}`) && !isZombie(pid))
    await until(
      () => alive().length === 0,
      () => `the end of ${alive()}`,
    )
  })
})

function isZombie(pid: string): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
