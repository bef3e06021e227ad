import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '../contestants/contestant.ts'
import { startTidegate } from '../contestants/tidegate.ts'
import { connectionsByLoop } from '../kit/loops.ts'
import { findProgram, LOAD_CPU, PROXY_CPU } from '../kit/processes.ts'
import { runWrk } from '../kit/wrk.ts'
import { type Case, portOf } from './case.ts'
import { measured, serving, summary } from './throughput.ts'

const CONNECTIONS = 256
const SHAPES = [
  { workers: 1, cpus: `${PROXY_CPU}` },
  { workers: 2, cpus: `${PROXY_CPU},${LOAD_CPU}` },
]

/** One worker beside two: CPU time a request, and how the connections are spread. Load and server share the second worker's core. */
export const WORKERS: Case = {
  name: 'workers-2',
  missing: () => (findProgram('wrk') ? null : 'wrk is not installed'),
  run: async ({ certificate, effort }) => {
    const origin = await serving(130)
    const upstream = { host: '127.0.0.1', port: origin.port }
    const setup = { role: 'http', upstream, certificate, group: 'X25519' } as const
    const running: Running[] = []
    const rounds: Awaited<ReturnType<typeof round>>[][] = SHAPES.map(() => [])
    try {
      for (const { workers, cpus } of SHAPES) running.push(await startTidegate(setup, workers, cpus))
      for (let turn = -1; turn < effort.rounds; turn++)
        for (const [n, proxy] of running.entries()) {
          const result = await round(proxy, effort.seconds)
          if (turn >= 0) rounds[n]!.push(result)
        }
    } finally {
      for (const one of [...running, origin]) await one.stop()
    }
    const contestants = SHAPES.map(({ workers }, n) => ({
      name: `${workers} workers`,
      ...summary(rounds[n]!.map((one) => one.load)),
      connectionsByWorker: rounds[n]!.map((one) => one.connections),
    }))
    return { case: 'workers-2', missing: [], contestants }
  },
}

async function round(proxy: Running, seconds: number) {
  const looking = sleep(seconds * 500).then(() => connectionsByLoop(proxy.pid, portOf(proxy)))
  const load = await measured(proxy, () =>
    runWrk(findProgram('wrk')!, proxy.url, { connections: CONNECTIONS, seconds }),
  )
  return { load, connections: await looking }
}
