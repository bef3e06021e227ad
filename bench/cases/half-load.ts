import type { Running } from '../contestants/contestant.ts'
import { runNodeLoad } from '../kit/node-load.ts'
import { median, rounded, spread } from '../kit/numbers.ts'
import { findProgram } from '../kit/processes.ts'
import { type Load, runWrk } from '../kit/wrk.ts'
import { type Case, type Field, portOf, whoTakesPart } from './case.ts'
import { serving } from './throughput.ts'

const CONNECTIONS = 64
/** Those whose wait is compared; at half of what the slower one can do, the proxies of npm are over their limit. */
const COMPARED = ['tidegate', 'haproxy', 'nginx']

/** The wait of the slowest hundredth, all at the same rate: half of what the slowest of them can do. */
export const HALF_LOAD: Case = {
  name: 'p99-at-half-load',
  missing: () => (findProgram('wrk') ? null : 'wrk is not installed'),
  run: async (field: Field) => {
    const { certificate, effort } = field
    const { able: all, missing } = whoTakesPart(field, 'http')
    const able = all.filter(({ name }) => COMPARED.includes(name))
    const origin = await serving(130)
    const upstream = { host: '127.0.0.1', port: origin.port }
    const running: Running[] = []
    const loads: Load[][] = able.map(() => [])
    let rate = Number.POSITIVE_INFINITY
    try {
      for (const one of able)
        running.push(await one.start({ role: 'http', upstream, certificate, group: 'X25519' }))
      for (const proxy of running) rate = Math.min(rate, (await most(proxy, effort.seconds)) / 2)
      for (let turn = 0; turn < effort.alternations; turn++)
        for (const [n, proxy] of running.entries())
          loads[n]!.push(
            await runNodeLoad<Load>('paced', [portOf(proxy), effort.seconds, Math.floor(rate), CONNECTIONS]),
          )
    } finally {
      for (const one of [...running, origin]) await one.stop()
    }
    const contestants = able.map(({ name }, n) => ({
      name,
      wantedRps: Math.floor(rate),
      ...summary(loads[n]!),
    }))
    return { case: 'p99-at-half-load', missing, contestants }
  },
}

/** Requests a second in a closed loop, which warms it up too. */
async function most(proxy: Running, seconds: number): Promise<number> {
  return (await runWrk(findProgram('wrk')!, proxy.url, { connections: CONNECTIONS, seconds })).rps
}

function summary(loads: readonly Load[]) {
  const of = (pick: (load: Load) => number): number => rounded(median(loads.map(pick)))
  return {
    rps: of((load) => load.rps),
    p50Ms: of((load) => load.p50Ms),
    p99Ms: of((load) => load.p99Ms),
    spread: rounded(spread(loads.map((load) => load.p99Ms))),
    errors: loads.reduce((sum, load) => sum + load.errors, 0),
  }
}
