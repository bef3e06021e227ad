import { CIPHER, type Contestant, type Role, type Running, type Setup } from '../contestants/contestant.ts'
import { startOrigin } from '../contestants/nginx.ts'
import { runH2load } from '../kit/h2load.ts'
import { type Origin, runNodeLoad, startNodeOrigin } from '../kit/node-load.ts'
import { median, rounded, spread } from '../kit/numbers.ts'
import { findProgram, usage } from '../kit/processes.ts'
import { type Load, runWrk } from '../kit/wrk.ts'
import { type Case, type Field, type Outcome, portOf, whoTakesPart } from './case.ts'

const CONNECTIONS = 64
const GROUP = 'X25519'

interface Kind {
  readonly name: string
  readonly role: Role
  readonly group?: Setup['group']
  /** The load generator, when it is not ours. */
  readonly program?: 'wrk' | 'h2load'
  origin(): Promise<Origin>
  load(proxy: Running, seconds: number): Promise<Load>
}

interface Round extends Load {
  readonly cpuMicrosPerRequest: number
  readonly rssMb: number
}

/** As many requests as go, by contestants that take turns. */
export const THROUGHPUT: readonly Case[] = [
  http1('http1-keep-alive-small', 'http', 130),
  http1('http1-keep-alive-16k', 'http', 16_384),
  http1('http1-with-features', 'features', 130),
  tls('tls13-keep-alive', 'https'),
  tls('http2-tls', 'http2'),
  handshakes('tls-new-connections-full', 'full', 'X25519'),
  handshakes('tls-new-connections-resumed', 'resumed', 'X25519'),
  handshakes('tls-new-connections-full-ml-kem', 'full', 'X25519MLKEM768'),
  throughput({
    name: 'tcp-echo',
    role: 'tcp',
    origin: () => startNodeOrigin('echo'),
    load: (proxy, seconds) => runNodeLoad('echo', [portOf(proxy), seconds, CONNECTIONS, 130]),
  }),
]

function http1(name: string, role: Role, bytes: number): Case {
  return throughput({
    name,
    role,
    program: 'wrk',
    origin: () => serving(bytes),
    load: (proxy, seconds) => runWrk(findProgram('wrk')!, proxy.url, { connections: CONNECTIONS, seconds }),
  })
}

function tls(name: string, role: 'https' | 'http2'): Case {
  const shape =
    role === 'http2' ? { connections: 16, streams: 10 } : { connections: CONNECTIONS, streams: null }
  return throughput({
    name,
    role,
    program: 'h2load',
    origin: () => serving(130),
    load: (proxy, seconds) =>
      runH2load(findProgram('h2load')!, proxy.url, { ...shape, seconds, group: GROUP }),
  })
}

/** What it calls a request is a connection with one request. */
function handshakes(name: string, kind: 'full' | 'resumed', group: Setup['group']): Case {
  return throughput({
    name,
    role: 'https',
    group,
    origin: () => serving(130),
    load: (proxy, seconds) => runNodeLoad('handshakes', [portOf(proxy), seconds, kind, group, CIPHER]),
  })
}

export async function serving(bytes: number): Promise<Origin> {
  const origin = await startOrigin('x'.repeat(bytes))
  return { port: portOf(origin), stop: origin.stop }
}

function throughput(kind: Kind): Case {
  const { name, role, group = GROUP, program } = kind
  return {
    name,
    missing: () => (!program || findProgram(program) ? null : `${program} is not installed`),
    run: async (field) => {
      const { able, missing } = whoTakesPart(field, role, group)
      return { case: name, missing, contestants: await takeTurns(kind, able, field) }
    },
  }
}

async function takeTurns(
  { role, group = GROUP, origin, load }: Kind,
  able: readonly Contestant[],
  { certificate, effort }: Field,
): Promise<Outcome['contestants']> {
  const server = await origin()
  const upstream = { host: '127.0.0.1', port: server.port }
  const running: Running[] = []
  const rounds: Round[][] = able.map(() => [])
  try {
    for (const contestant of able)
      running.push(await contestant.start({ role, upstream, certificate, group }))
    for (let round = -1; round < effort.rounds; round++) {
      for (const [index, proxy] of running.entries()) {
        const result = await measured(proxy, () => load(proxy, effort.seconds))
        // The first round warms caches and compilers and does not count.
        if (round >= 0) rounds[index]!.push(result)
      }
    }
  } finally {
    for (const proxy of [...running, server]) await proxy.stop()
  }
  return able.map(({ name }, index) => ({ name, ...summary(rounds[index]!) }))
}

export async function measured(proxy: Running, load: () => Promise<Load>): Promise<Round> {
  const before = usage(proxy.pid)
  const done = await load()
  const after = usage(proxy.pid)
  return {
    ...done,
    cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / done.requests,
    rssMb: after.rssBytes / 1e6,
  }
}

/** Medians; `spread` is that of CPU time. Null = the load generator does not tell. */
export function summary(rounds: readonly Round[]) {
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
