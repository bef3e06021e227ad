import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/app/clock.ts'
import type { ListenerSpec } from '../../src/core/balancer.ts'
import { KEEP_ALIVE } from '../../src/core/keep-alive.ts'
import type { Logger } from '../../src/core/time.ts'
import { type OpenGateway, openGateway } from '../../src/drivers/gateway/open.ts'
import { controlPathFor } from '../../src/drivers/gateway/path.ts'
import type { GatewayHandle } from '../../src/gateway/main/options.ts'
import { startGateway } from '../../src/gateway/main/start.ts'

export const SILENT: Logger = { info() {}, warn() {}, error() {} }

/** A gateway in this process, with two workers and a state folder of its own. */
export class TestGateway {
  readonly stateDir: string
  handle: GatewayHandle | null = null
  readonly driver: OpenGateway
  readonly #workerEntry: URL | undefined
  readonly #servers: Server[] = []

  private constructor(stateDir: string, workerEntry?: URL) {
    this.stateDir = stateDir
    this.#workerEntry = workerEntry
    this.driver = openGateway(controlPathFor(stateDir), 1, systemClock())
  }

  static async start(workerEntry?: URL): Promise<TestGateway> {
    const gateway = new TestGateway(await mkdtemp(join(tmpdir(), 'tidegate-')), workerEntry)
    await gateway.start()
    return gateway
  }

  async start(): Promise<void> {
    this.handle = await startGateway({
      stateDir: this.stateDir,
      controlPath: controlPathFor(this.stateDir),
      workers: 2,
      log: SILENT,
      ...(this.#workerEntry ? { workerEntry: this.#workerEntry } : {}),
    })
  }

  async stop(): Promise<void> {
    await this.handle?.stop(0)
    this.handle = null
  }

  /** Answers `name` to everything, until it falls. */
  async aServer(name = 'server'): Promise<{ address: string; fall(): Promise<void> }> {
    const server = createServer((_, response) => response.end(name))
    this.#servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, fall: () => fall(server) }
  }

  async close(): Promise<void> {
    this.driver.close()
    await this.stop()
    await Promise.all(this.#servers.map(fall))
    await rm(this.stateDir, { recursive: true })
  }
}

async function fall(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

export function aListener(name: string, pool: string, port = 0): ListenerSpec {
  return {
    name,
    bind: { host: '127.0.0.1', port },
    protocol: 'http',
    rules: [],
    pool,
    limits: {
      headerBytes: 32_768,
      headerCount: 100,
      bodyBytes: 1_000_000,
      firstByteMs: 10_000,
      headerMs: 10_000,
      idleMs: 10_000,
      bodyMs: 10_000,
      responseMs: 10_000,
      connections: 1000,
    },
    keepAlive: KEEP_ALIVE,
  }
}

/** One GET over a connection of its own. */
export function ask(port: number): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false })
    get({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    }).on('error', reject)
  })
}
