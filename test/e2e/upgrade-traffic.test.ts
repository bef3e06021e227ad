import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, type AgentOptions, request } from 'node:https'
import { join, resolve } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { findProgram } from '../../bench/kit/processes.ts'
import { statePaths } from '../../src/app/paths.ts'
import { isAlive, readNote } from '../../src/app/processes.ts'
import { sumKnown } from '../../src/core/balancer.ts'
import { holderOf } from '../../src/gateway/main/ports/holder.ts'
import { Answerer } from '../kit/answerer.ts'
import { Authority } from '../kit/certificates.ts'
import { checkedDatagrams, Datagrams } from '../kit/datagrams.ts'
import { Tidegate } from '../kit/tidegate.ts'

let authority: Authority
beforeAll(() => {
  authority = new Authority()
})
afterAll(() => authority.remove())
afterEach(() => void vi.unstubAllEnvs())

const reason = findProgram('openssl') === null ? ' (needs openssl)' : ''
const proved = test.skipIf(reason !== '')

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const
type Version = (typeof VERSIONS)[number]

/** Sends one request after the other, and none again; keeps what went wrong. */
class Asking {
  readonly failed: string[] = []
  readonly resumed = { yes: 0, no: 0 }
  readonly #agent: Agent
  readonly #done: Promise<void>
  #running = true
  ok = 0

  constructor(port: number, options: AgentOptions) {
    this.#agent = new Agent({ ...options, servername: 'web.test', ca: authority.ca.cert })
    this.#done = this.#run(port)
  }

  async #run(port: number): Promise<void> {
    for (let n = 0; this.#running; n++)
      await this.#ask(port, n).catch((error) => this.failed.push(`${error}`))
  }

  async #ask(port: number, n: number): Promise<void> {
    const asking = request({ port, host: '127.0.0.1', path: `/${n}`, agent: this.#agent })
    asking.end()
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    this.resumed[(response.socket as TLSSocket).isSessionReused() ? 'yes' : 'no']++
    let body = ''
    for await (const chunk of response) body += chunk
    if (response.statusCode !== 200 || !body.includes(`"url":"/${n}"`)) throw new Error(body)
    this.ok++
  }

  async stop(): Promise<this> {
    this.#running = false
    await this.#done
    this.#agent.destroy()
    return this
  }
}

interface World extends AsyncDisposable {
  readonly tidegate: Tidegate
  readonly secure: number
  readonly datagrams: number
  readonly askers: readonly Asking[]
  readonly clients: readonly Datagrams[]
}

/** A gateway of HTTPS and datagrams, under way. */
async function world(): Promise<World> {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await Answerer.start())
  const names = [await checkedDatagrams((text) => `a ${text}`), await checkedDatagrams((text) => `b ${text}`)]
  for (const name of names) stack.defer(name.stop)
  const { certFile, keyFile } = authority.issue(['web.test'])
  const health = 'health: { type: tcp, interval: 500ms, timeout: 400ms }'
  const tidegate = stack.use(
    new Tidegate(`
gateway: { workers: 2 }
listeners:
  web: { bind: "127.0.0.1:0", protocol: https, pool: api, tls: { certificates: [ { cert: ${certFile}, key: ${keyFile} } ] } }
  names: { bind: "127.0.0.1:0", protocol: udp, pool: names, limits: { idle: 60s } }
pools:
  api: { ${health}, servers: [ { address: "${server.address}" } ] }
  names: { algorithm: round-robin, ${health}, servers: [ ${names.map(({ address }) => `{ address: "${address}" }`).join(', ')} ] }
`),
  )
  tidegate.start()
  const [secure, datagrams] = [await portOf(tidegate, 'web'), await portOf(tidegate, 'names')]
  await tidegate.healthy('api')
  await tidegate.healthy('names')
  const clients = await Promise.all(Array.from({ length: 12 }, () => Datagrams.open()))
  for (const client of clients) stack.use(client)
  const askers = [
    new Asking(secure, { keepAlive: true, maxSockets: 1 }),
    ...VERSIONS.map((maxVersion) => new Asking(secure, { maxVersion })),
  ]
  for (const asker of askers) stack.defer(async () => void (await asker.stop()))
  return { tidegate, secure, datagrams, askers, clients, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function portOf(tidegate: Tidegate, listener: string): Promise<number> {
  return Number(new URL(await tidegate.url(listener)).port)
}

/** The server that answers each of them. Nobody hears what another has asked. */
async function servers({ clients, datagrams }: World): Promise<string[]> {
  const answers = await Promise.all(clients.map((client) => client.asks(`${client.port}`, datagrams)))
  for (const { port, texts } of clients)
    for (const text of texts) expect(text).toMatch(new RegExp(`^[ab] ${port}$`))
  return answers.map((answer) => answer.slice(0, 1))
}

function opening(port: number, maxVersion: Version, session?: Buffer): TLSSocket {
  const own = { servername: 'web.test', ca: authority.ca.cert, maxVersion, ...(session && { session }) }
  return connect({ port, host: '127.0.0.1', ...own })
}

async function shake(port: number, maxVersion: Version, session?: Buffer): Promise<TLSSocket> {
  const socket = opening(port, maxVersion, session)
  await once(socket, 'secureConnect')
  return socket
}

/** A session as a client keeps it, once its ticket has come. */
async function sessionOf(port: number, version: Version): Promise<Buffer> {
  const socket = opening(port, version)
  // Its ticket may come with the last message of the handshake.
  const coming = once(socket, 'session')
  await once(socket, 'secureConnect')
  socket.write('GET / HTTP/1.1\r\nHost: web.test\r\n\r\n')
  const session = version === 'TLSv1.2' ? socket.getSession()! : ((await coming)[0] as Buffer)
  socket.destroy()
  return session
}

async function isResumed(port: number, version: Version, session: Buffer): Promise<boolean> {
  const socket = await shake(port, version, session)
  const isReused = socket.isSessionReused()
  socket.destroy()
  return isReused
}

/** What comes until a text does. */
async function heard(socket: TLSSocket, text: string): Promise<string> {
  let all = ''
  while (!all.includes(text)) all += String((await once(socket, 'data'))[0])
  return all
}

async function progress({ tidegate, askers }: World): Promise<void> {
  const before = askers.map(({ ok }) => ok)
  await tidegate.until('every asker to go on', () => askers.every(({ ok }, at) => ok > before[at]! + 20))
}

/** Successors stop once they have said that they are ready, while there is the file that it gives. */
function stopping(): string {
  const hook = join(authority.folder, 'stops')
  writeFileSync(hook, '')
  vi.stubEnv('NODE_OPTIONS', `--import=${resolve(import.meta.dirname, '../kit/stops-as-successor.mjs')}`)
  vi.stubEnv('STOPS_AS_SUCCESSOR', hook)
  return hook
}

async function readySuccessor(tidegate: Tidegate): Promise<number> {
  const word = /process (\d+) takes this gateway's place/
  const pid = Number(await tidegate.until('the word', () => word.exec(tidegate.log('gateway'))?.[1]))
  expect(readNote(statePaths(tidegate.stateDir).successor)?.pid).toBe(pid)
  return pid
}

async function stopAll(askers: readonly Asking[]): Promise<void> {
  for (const asker of askers) expect((await asker.stop()).failed).toEqual([])
  for (const { resumed } of askers.slice(1)) expect(resumed).toEqual({ yes: expect.any(Number), no: 1 })
}

proved(
  `HTTPS and datagrams through two upgrades: no request fails, sessions are resumed, every source is answered by the successor${reason}`,
  async () => {
    await using all = await world()
    const { tidegate, secure, datagrams, askers } = all
    await servers(all)
    const sessions = await Promise.all(VERSIONS.map((version) => sessionOf(secure, version)))
    for (let round = 0; round < 2; round++) {
      // Holds the gateway that gives way.
      const held = await shake(secure, 'TLSv1.3')
      await progress(all)
      const old = tidegate.gateway!
      expect((await tidegate.cli('upgrade', '--config', tidegate.file)).stderr).toBe('')
      const heir = await tidegate.successor('gateway', old)
      await progress(all)
      for (const [at, version] of VERSIONS.entries())
        expect(await isResumed(secure, version, sessions[at]!), version).toBe(true)
      await servers(all)
      expect(isAlive(old)).toBe(true)
      expect(await holderOf(datagrams, 'udp')).toContain(`(pid ${heir.pid})`)
      held.write('GET /held HTTP/1.1\r\nHost: web.test\r\n\r\n')
      expect(await heard(held, '/held')).toContain('Connection: close')
      held.destroy()
      await tidegate.until('the end of the former gateway', () => !isAlive(old))
      await tidegate.until('every session to be counted', async () => {
        const members = (await tidegate.pool('names'))?.members ?? []
        return sumKnown(members.map(({ inFlight }) => inFlight)) === all.clients.length
      })
    }
    await stopAll(askers)
  },
)

proved(
  `a successor that is killed between its word that it is ready and its turn costs nothing${reason}`,
  async () => {
    const hook = stopping()
    await using all = await world()
    const { tidegate, secure, askers } = all
    const before = await servers(all)
    const old = tidegate.gateway!
    const given = tidegate.cli('upgrade', '--config', tidegate.file)
    const pid = await readySuccessor(tidegate)
    await progress(all)
    expect(await servers(all), 'who answers whom, while it is stopped').toEqual(before)
    process.kill(pid, 'SIGKILL')
    expect(await given).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/SIGKILL.*this gateway goes on/),
    })
    expect(tidegate.log('gateway')).toContain('no upgrade: the successor ended (SIGKILL)')
    await progress(all)
    expect(await servers(all), 'who answers whom, after it was killed').toEqual(before)
    expect(tidegate.gateway).toEqual(old)
    expect((await tidegate.gatewayStatus())?.pid).toBe(old.pid)

    rmSync(hook)
    expect((await tidegate.cli('upgrade', '--config', tidegate.file)).stderr).toBe('')
    await tidegate.successor('gateway', old)
    await progress(all)
    expect(await portOf(tidegate, 'web')).toBe(secure)
    await stopAll(askers)
  },
)

proved(
  `a gateway that is killed after its successor's word that it is ready leaves it all that it had${reason}`,
  async () => {
    stopping()
    await using all = await world()
    const { tidegate, secure, askers } = all
    const [session] = await Promise.all(VERSIONS.map((version) => sessionOf(secure, version)))
    await servers(all)
    await progress(all)
    for (const asker of askers) await asker.stop()
    const old = tidegate.gateway!
    const given = tidegate.cli('upgrade', '--config', tidegate.file)
    const pid = await readySuccessor(tidegate)
    process.kill(old.pid, 'SIGKILL')
    expect((await given).code).toBe(1)
    // Nobody accepts; it waits in the queue of the socket, which the successor holds.
    const waiting = isResumed(secure, 'TLSv1.2', session!)
    process.kill(pid, 'SIGCONT')
    expect(await waiting).toBe(true)
    expect(await tidegate.successor('gateway', old)).toMatchObject({ pid })
    await servers(all)
  },
)
