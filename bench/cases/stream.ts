import type { Role, Running } from '../contestants/contestant.ts'
import { runNodeLoad, startNodeOrigin } from '../kit/node-load.ts'
import { median, rounded, spread } from '../kit/numbers.ts'
import { usage } from '../kit/processes.ts'
import { type Case, type Field, portOf, whoTakesPart } from './case.ts'

const SAMPLE_MS = 100

interface Flow {
  readonly megabytesPerSecond: number
  readonly cpuMsPerGib: number
  /** The most that any sample saw. */
  readonly peakRssMb: number
}

/** Many bytes over one connection. */
export const STREAMS: readonly Case[] = [
  stream('tcp-bulk', 'tcp', 'bulk'),
  stream('download', 'http', 'download'),
  stream('upload', 'http', 'upload'),
]

function stream(name: string, role: Role, kind: 'bulk' | 'download' | 'upload'): Case {
  const run = async (field: Field) => {
    const { certificate, effort } = field
    const { able, missing } = whoTakesPart(field, role)
    const origin = await startNodeOrigin(kind === 'bulk' ? 'source' : 'http-stream')
    const upstream = { host: '127.0.0.1', port: origin.port }
    const bytes = kind === 'bulk' ? effort.bulkBytes : effort.streamBytes
    const running: Running[] = []
    const flows: Flow[][] = able.map(() => [])
    try {
      for (const contestant of able)
        running.push(await contestant.start({ role, upstream, certificate, group: 'X25519' }))
      for (let round = 0; round < effort.rounds; round++)
        for (const [n, proxy] of running.entries()) flows[n]!.push(await flow(proxy, kind, bytes))
    } finally {
      for (const one of [...running, origin]) await one.stop()
    }
    return { case: name, missing, contestants: able.map(({ name }, n) => ({ name, ...summary(flows[n]!) })) }
  }
  return { name, run }
}

async function flow(proxy: Running, kind: string, bytes: number): Promise<Flow> {
  let peakRssBytes = 0
  const sample = () => (peakRssBytes = Math.max(peakRssBytes, usage(proxy.pid).rssBytes))
  const sampling = setInterval(sample, SAMPLE_MS)
  const before = usage(proxy.pid)
  try {
    const { ms } = await runNodeLoad<{ ms: number }>('stream', [portOf(proxy), kind, bytes])
    sample()
    const cpuMs = (usage(proxy.pid).cpuMicros - before.cpuMicros) / 1000
    return {
      megabytesPerSecond: bytes / 1000 / ms,
      cpuMsPerGib: cpuMs / (bytes / 2 ** 30),
      peakRssMb: peakRssBytes / 1e6,
    }
  } finally {
    clearInterval(sampling)
  }
}

function summary(flows: readonly Flow[]) {
  const of = (pick: (flow: Flow) => number): number => rounded(median(flows.map(pick)))
  return {
    megabytesPerSecond: of((flow) => flow.megabytesPerSecond),
    cpuMsPerGib: of((flow) => flow.cpuMsPerGib),
    peakRssMb: rounded(Math.max(...flows.map((flow) => flow.peakRssMb))),
    spread: rounded(spread(flows.map((flow) => flow.cpuMsPerGib))),
  }
}
