import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { systemClock } from '../../src/app/clock.ts'
import type { Balancer, BalancerSpec, ListenerSpec } from '../../src/core/balancer.ts'
import { KEEP_ALIVE } from '../../src/core/keep-alive.ts'
import type { MatchSpec, RuleSpec } from '../../src/core/rule.ts'
import { openGateway } from '../../src/drivers/gateway/open.ts'
import { controlPathFor } from '../../src/drivers/gateway/path.ts'
import { PROXY_CPU, startPinned, stopProcess, untilAnswers } from '../kit/processes.ts'
import { type Contestant, type Running, type Setup, schemeOf } from './contestant.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Benchmarks compile it first (main.ts); tests of them do not, and their figures mean nothing. */
const isMeasured = process.argv[1] === join(ROOT, 'bench/main.ts')
const PROCESS = join(ROOT, isMeasured ? 'dist/src/app/gateway-process.js' : 'src/app/gateway-process.ts')
const NEVER = new AbortController().signal

/** The gateway's own process; its main thread (health checks, statistics) counts too. */
export const tidegate: Contestant = {
  name: 'tidegate',
  missing: () => null,
  start: (setup) => startTidegate(setup, 1, `${PROXY_CPU}`),
}

/** `cpus` as taskset takes them. */
export async function startTidegate(setup: Setup, workers: number, cpus: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-tidegate-'))
  const child = startPinned(cpus, [process.execPath, PROCESS, folder, `${workers}`])
  const balancer = await connect(controlPathFor(folder))
  await balancer.configure(specFor(setup, folder), NEVER)
  const { bound } = await balancer.status(NEVER)
  const url = `${schemeOf(setup.role)}://127.0.0.1:${bound.in!.port}/`
  await untilAnswers(url)
  const stop = async () => {
    await stopProcess(child)
    rmSync(folder, { recursive: true })
  }
  return { url, pid: child.pid!, stop }
}

async function connect(path: string): Promise<Balancer> {
  const { balancer } = openGateway(path, 1, systemClock())
  for (let attempt = 0; attempt < 100; attempt++) {
    const status = await balancer.status(NEVER).catch(() => null)
    if (status) return balancer
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`no gateway at ${path}`)
}

function specFor(setup: Setup, folder: string): BalancerSpec {
  const address = `${setup.upstream.host}:${setup.upstream.port}`
  const features = setup.role === 'features'
  return {
    name: 'gateway',
    panicRatio: 0.5,
    accessLog: features ? { path: join(folder, 'access.log'), format: 'json' } : null,
    bandwidthBps: null,
    listeners: [listenerFor(setup)],
    pools: [
      {
        name: 'out',
        algorithm: 'least-connections',
        health: {
          type: setup.role === 'tcp' ? 'tcp' : 'http',
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

function listenerFor({ role, certificate, group }: Setup): ListenerSpec {
  return {
    name: 'in',
    bind: { host: '127.0.0.1', port: 0 },
    protocol: schemeOf(role),
    rules: role === 'features' ? RULES : [],
    pool: 'out',
    limits: {
      headerBytes: 32_768,
      headerCount: 100,
      bodyBytes: 2 ** 40,
      firstByteMs: 600_000,
      headerMs: 10_000,
      idleMs: 600_000,
      bodyMs: 30_000,
      responseMs: 60_000,
      connections: 20_000,
    },
    keepAlive: KEEP_ALIVE,
    ...(schemeOf(role) === 'https' && {
      tls: {
        certificates: [{ cert: certificate.certFile, key: certificate.keyFile }],
        minVersion: 'TLSv1.3',
        groups: [group],
        handshakeMs: 10_000,
      },
    }),
  }
}

/** Four rules that do not match before the one that does, which limits the rate without ever refusing. */
const RULES: readonly RuleSpec[] = [
  toPool({ host: 'admin.example.org' }),
  toPool({ path: '/api/*' }),
  toPool({ methods: ['PUT'] }),
  toPool({ headers: [{ name: 'x-version', is: 'exact', value: '2' }] }),
  {
    ...toPool({ path: '/*' }),
    rateLimit: { requests: 1_000_000, perMs: 1_000, burst: 1_000_000, key: { by: 'source' } },
  },
]

function toPool(match: MatchSpec): RuleSpec {
  return { match, action: { kind: 'pool', pool: 'out' } }
}
