import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { socketsOf, whyNoSocketsOf } from '../kit/socket-options.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { RawClient, RawServer, type Speak } from '../kit/traffic.ts'

/** Says nothing, and goes when the other side does, as health checks do. */
const silent: Speak = (socket) => socket.resume().on('end', () => socket.end())

const blind = whyNoSocketsOf()
const because = blind === null ? '' : ` (${blind})`

test.skipIf(blind !== null)(`the kernel has the probes of the file on both sides${because}`, async () => {
  const server = await RawServer.start(silent)
  await using tidegate = new Tidegate(`
listeners:
  web: { bind: "127.0.0.1:0", protocol: tcp, pool: api, keep-alive: { idle: 100s, interval: 20s, count: 3 } }
pools:
  api: { servers: [ { address: "127.0.0.1:${server.port}" } ], upstream: { keep-alive: { idle: 200s, interval: 30s, count: 4 } } }
`)
  tidegate.start()
  const port = Number(new URL(await tidegate.url()).port)
  await tidegate.healthy()
  const { socket } = await RawClient.open(port)
  const [client, upstream] = await tidegate.until('both sides', () => {
    const sockets = socketsOf(tidegate.gateway!.pid)
    const client = sockets.find(({ local, remote }) => local === port && remote === socket.localPort)
    const upstream = sockets.find(({ remote }) => remote === server.port)
    return client && upstream ? [client, upstream] : null
  })
  expect(client?.keepAlive).toEqual({ on: 1, idle: 100, interval: 20, count: 3 })
  expect(upstream?.keepAlive).toEqual({ on: 1, idle: 200, interval: 30, count: 4 })
  socket.destroy()
  server.stop()
})

const SPACE = `tt${process.pid}`
const NUMBER = 1 + (process.pid % 200)
const HERE = `10.213.${NUMBER}.1`
const THERE = `10.213.${NUMBER}.2`
const unable = whyNoNamespace()
const reason = unable === null ? '' : ` (${unable})`

test.skipIf(unable !== null)(`a peer that falls silent leaves no connection behind${reason}`, async () => {
  using _net = new Namespace()
  // Connections stay open and say nothing: only the probes can tell that the machine has gone.
  const far = inSpace(`
    const net = require('node:net')
    net.createServer((socket) => socket.resume()).listen(7000, '${THERE}', () => console.log('ready'))
    process.stdin.on('data', (port) => net.connect(Number(port), '${HERE}'))
  `)
  await once(far.stdout, 'data')
  const near = await RawServer.start(silent)
  await using tidegate = new Tidegate(`
listeners:
  in: { bind: "${HERE}:0", protocol: tcp, pool: near, limits: { idle: 24h }, keep-alive: { idle: 1s, interval: 1s, count: 2 } }
  out: { bind: "127.0.0.1:0", protocol: tcp, pool: far, limits: { idle: 24h } }
pools:
  near: { servers: [ { address: "127.0.0.1:${near.port}" } ] }
  far: { servers: [ { address: "${THERE}:7000" } ], upstream: { keep-alive: { idle: 1s, interval: 1s, count: 2 } } }
`)
  tidegate.start()
  await Promise.all([tidegate.healthy('near'), tidegate.healthy('far')])
  far.stdin.write(new URL(await tidegate.url('in')).port)
  const client = await RawClient.open(Number(new URL(await tidegate.url('out')).port))
  await tidegate.until('the far client to reach its server', () => near.sockets.size === 1)
  await tidegate.until('our client to reach the far server', () => established() === 2)

  ip('-n', SPACE, 'link', 'set', 'inner', 'down')
  await tidegate.until('the far client to be given up', () => near.sockets.size === 0)
  await client.hearsEnd()
  expect(established()).toBe(0)
  near.stop()
})

/** Connections of this machine with the namespace. */
function established(): number {
  const { stdout } = spawnSync('ss', ['-Htn', 'state', 'established', 'dst', THERE], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line !== '').length
}

function inSpace(script: string) {
  return spawn('ip', ['netns', 'exec', SPACE, process.execPath, '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

class Namespace {
  constructor() {
    ip('netns', 'add', SPACE)
    ip('link', 'add', SPACE, 'type', 'veth', 'peer', 'name', 'inner', 'netns', SPACE)
    ip('addr', 'add', `${HERE}/24`, 'dev', SPACE)
    ip('link', 'set', SPACE, 'up')
    ip('-n', SPACE, 'addr', 'add', `${THERE}/24`, 'dev', 'inner')
    ip('-n', SPACE, 'link', 'set', 'inner', 'up')
  }

  /** With whatever runs in it. Its end of the link goes at once; what its connections still have to say would keep it for minutes. */
  [Symbol.dispose](): void {
    const pids = spawnSync('ip', ['netns', 'pids', SPACE], { encoding: 'utf8' }).stdout.trim()
    for (const pid of pids.split('\n').filter((pid) => pid !== '')) process.kill(Number(pid), 'SIGKILL')
    ip('link', 'del', SPACE)
    ip('netns', 'del', SPACE)
  }
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
}

/** null where namespaces can be made. */
function whyNoNamespace(): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  const made = spawnSync('ip', ['netns', 'add', `${SPACE}p`], { encoding: 'utf8' })
  if (made.error) return 'needs iproute2'
  if (made.status !== 0) return `no network namespace can be made: ${made.stderr.trim()}`
  spawnSync('ip', ['netns', 'del', `${SPACE}p`])
  return null
}
