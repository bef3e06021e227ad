import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Balancer, BalancerSpec } from '../../src/core/balancer.ts'
import { KEEP_ALIVE } from '../../src/core/keep-alive.ts'
import { openGateway } from '../../src/drivers/gateway/open.ts'
import { controlPathFor } from '../../src/drivers/gateway/path.ts'
import { PROXY_CPU, startPinned, stopProcess, untilAnswers } from '../kit/processes.ts'
import type { Contestant } from './contestant.ts'

const PROCESS = resolve(import.meta.dirname, '../../src/app/gateway-process.ts')
const NEVER = new AbortController().signal

/** The gateway's own process with one worker; its main thread (health checks, statistics) counts too. */
export const tidegate: Contestant = {
  name: 'tidegate',
  missing: () => null,
  start: async (upstream) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-tidegate-'))
    const child = startPinned(PROXY_CPU, [process.execPath, PROCESS, folder, '1'])
    const balancer = await connect(controlPathFor(folder))
    await balancer.configure(specFor(upstream), NEVER)
    const { bound } = await balancer.status(NEVER)
    const url = `http://127.0.0.1:${bound.in!.port}/`
    await untilAnswers(url)
    const stop = async () => {
      await stopProcess(child)
      rmSync(folder, { recursive: true })
    }
    return { url, pid: child.pid!, stop }
  },
}

async function connect(path: string): Promise<Balancer> {
  const { balancer } = openGateway(path, 1)
  for (let attempt = 0; attempt < 100; attempt++) {
    const status = await balancer.status(NEVER).catch(() => null)
    if (status) return balancer
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`no gateway at ${path}`)
}

function specFor(upstream: { host: string; port: number }): BalancerSpec {
  const address = `${upstream.host}:${upstream.port}`
  return {
    name: 'gateway',
    panicRatio: 0.5,
    accessLog: null,
    bandwidthBps: null,
    listeners: [
      {
        name: 'in',
        bind: { host: '127.0.0.1', port: 0 },
        protocol: 'http',
        rules: [],
        pool: 'out',
        limits: {
          headerBytes: 32_768,
          headerCount: 100,
          bodyBytes: 2 ** 30,
          firstByteMs: 600_000,
          headerMs: 10_000,
          idleMs: 600_000,
          bodyMs: 30_000,
          responseMs: 60_000,
          connections: 20_000,
        },
        keepAlive: KEEP_ALIVE,
      },
    ],
    pools: [
      {
        name: 'out',
        algorithm: 'least-connections',
        health: {
          type: 'http',
          path: '/',
          expect: { from: 200, to: 399 },
          intervalMs: 2_000,
          timeoutMs: 1_000,
          unhealthy: 3,
          healthy: 2,
        },
        slowStartMs: 0,
        upstream: {
          connectMs: 2_000,
          idleMs: 4_000,
          maxConnections: 2_000,
          maxPending: 1_024,
          keepAlive: KEEP_ALIVE,
        },
        retries: 2,
        servers: [{ id: address, address, weight: 100 }],
        fleets: [],
      },
    ],
  }
}
