import { connect, type Socket } from 'node:net'
import { cpus } from 'node:os'
import type { Contestant, Running } from './contestants/contestant.ts'
import { haproxy } from './contestants/haproxy.ts'
import { nginx, startOrigin } from './contestants/nginx.ts'
import { tidegate } from './contestants/tidegate.ts'
import { median, rounded, spread } from './kit/numbers.ts'
import { findProgram, usage } from './kit/processes.ts'
import { type Load, runWrk } from './kit/wrk.ts'

const CONTESTANTS: readonly Contestant[] = [tidegate, haproxy, nginx]
const CASES = [
  { case: 'http1-keep-alive-small', bodyBytes: 12 },
  { case: 'http1-keep-alive-16k', bodyBytes: 16_384 },
]
const CONNECTIONS = 64
const IDLE_CONNECTIONS = 10_000
const ROUNDS = 5
const SECONDS = 4

interface Round extends Load {
  readonly cpuMicrosPerRequest: number
  readonly rssMb: number
}

/** Side by side in one run: the contestants take turns, each pinned to one core, load and origin on the other. */
export async function benchGateway(): Promise<object> {
  const wrk = findProgram('wrk')
  if (!wrk) throw new Error('the load generator wrk is missing; on Debian: apt-get install wrk')
  const missing = CONTESTANTS.flatMap((contestant) => contestant.missing() ?? [])
  const taking = CONTESTANTS.filter((contestant) => contestant.missing() === null)
  const cases: object[] = []
  for (const { case: name, bodyBytes } of CASES)
    cases.push({ case: name, contestants: await measureCase(wrk, taking, bodyBytes) })
  cases.push({ case: `idle-${IDLE_CONNECTIONS}`, contestants: await measureIdle(taking) })
  return {
    name: 'gateway',
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`,
    missing,
    cases,
  }
}

async function measureCase(wrk: string, taking: readonly Contestant[], bodyBytes: number): Promise<object[]> {
  const origin = await startOrigin('x'.repeat(bodyBytes))
  const upstream = { host: '127.0.0.1', port: Number(new URL(origin.url).port) }
  const running = await Promise.all(taking.map((contestant) => contestant.start(upstream)))
  const rounds: Round[][] = taking.map(() => [])
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, proxy] of running.entries()) {
      const result = await measureRound(wrk, proxy)
      // The first round warms caches and compilers and does not count.
      if (round >= 0) rounds[index]!.push(result)
    }
  }
  for (const proxy of [...running, origin]) await proxy.stop()
  return taking.map((contestant, index) => ({ name: contestant.name, ...summary(rounds[index]!) }))
}

async function measureRound(wrk: string, proxy: Running): Promise<Round> {
  const before = usage(proxy.pid)
  const load = await runWrk(wrk, proxy.url, { connections: CONNECTIONS, seconds: SECONDS })
  const after = usage(proxy.pid)
  return {
    ...load,
    cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / load.requests,
    rssMb: after.rssBytes / 1e6,
  }
}

function summary(rounds: readonly Round[]) {
  const of = (pick: (round: Round) => number): number => rounded(median(rounds.map(pick)))
  return {
    rps: of((round) => round.rps),
    p50Ms: of((round) => round.p50Ms),
    p99Ms: of((round) => round.p99Ms),
    cpuMicrosPerRequest: of((round) => round.cpuMicrosPerRequest),
    rssMb: of((round) => round.rssMb),
    spread: rounded(spread(rounds.map((round) => round.cpuMicrosPerRequest))),
    errors: rounds.reduce((sum, round) => sum + round.errors, 0),
  }
}

/** Memory of each proxy while it holds kept connections that have each sent one request. */
async function measureIdle(taking: readonly Contestant[]): Promise<object[]> {
  const results: object[] = []
  const origin = await startOrigin('ok')
  for (const contestant of taking) {
    const proxy = await contestant.start({ host: '127.0.0.1', port: Number(new URL(origin.url).port) })
    const emptyMb = usage(proxy.pid).rssBytes / 1e6
    const sockets = await openIdle(Number(new URL(proxy.url).port), IDLE_CONNECTIONS)
    const rssMb = usage(proxy.pid).rssBytes / 1e6
    results.push({
      name: contestant.name,
      open: sockets.length,
      emptyRssMb: rounded(emptyMb),
      rssMb: rounded(rssMb),
    })
    for (const socket of sockets) socket.destroy()
    await proxy.stop()
  }
  await origin.stop()
  return results
}

async function openIdle(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  const batch = 100
  while (sockets.length < count) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(batch, count - sockets.length) }, () => openOne(port)),
    )
    sockets.push(...opened)
  }
  return sockets
}

function openOne(port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: bench\r\n\r\n'))
    socket.once('data', () => done(socket))
    socket.once('error', fail)
  })
}
