import { readdirSync } from 'node:fs'
import { DEFAULT_GROUPS, type ListenerTls } from '../../src/core/tls.ts'
import { Authority } from '../../test/kit/certificates.ts'
import { Traffic } from '../../test/kit/traffic.ts'

/** Ports of the servers behind each listener. */
export interface Origins {
  readonly web: readonly number[]
  readonly tcp: readonly number[]
  readonly udp: readonly number[]
}

/** Ports of the subject's listeners. */
export interface Ports {
  readonly http: number
  readonly https: number
  readonly tcp: number
  readonly udp: number
}

/** What must be back at its start once nothing is going on. */
export interface Held {
  readonly descriptors: number
  readonly timers: number
  readonly gauges: number
  /** After collection. */
  readonly heapBytes: number
  readonly residentBytes: number
}

export type Question =
  | { readonly ask: 'start'; readonly origins: Origins }
  | { readonly ask: 'held' | 'stop' }

const IDLE_MS = 2000
const COLLECTIONS = 8

if (process.send) {
  let traffics: readonly Traffic[] = []
  const answer = async (question: Question): Promise<void> => {
    if (question.ask === 'start') {
      traffics = await start(question.origins)
      const [http, https, tcp, udp] = traffics.map(({ port }) => port)
      process.send!({ http, https, tcp, udp })
    } else if (question.ask === 'held') process.send!(await held(traffics))
    else process.exit(0)
  }
  process.on('message', (question: Question) => void answer(question))
  process.on('disconnect', () => process.exit(0))
}

async function start({ web, tcp, udp }: Origins): Promise<Traffic[]> {
  const limits = { idleMs: IDLE_MS }
  return [
    await Traffic.start({ servers: web, protocol: 'http', limits }),
    await Traffic.start({ servers: web, protocol: 'https', limits, listener: { keys: keys() } }),
    await Traffic.start({ servers: tcp, protocol: 'tcp', limits }),
    await Traffic.start({ servers: udp, protocol: 'udp', limits }),
  ]
}

function keys(): ListenerTls {
  const authority = new Authority()
  const { cert, key } = authority.issue(['127.0.0.1'])
  authority.remove()
  return {
    id: 'soak',
    certificates: [{ names: [], cert, key }],
    minVersion: 'TLSv1.2',
    groups: DEFAULT_GROUPS,
    handshakeMs: 5000,
    clientCertificate: null,
    ticketKeys: Buffer.alloc(48, 1).toString('base64'),
  }
}

async function held(traffics: readonly Traffic[]): Promise<Held> {
  // Buffers are freed on another thread after their collection, and some only by the next one.
  for (let round = 0; round < COLLECTIONS; round++) {
    globalThis.gc!()
    await new Promise((done) => setTimeout(done, 20))
  }
  const sum = (of: (traffic: Traffic) => number) => traffics.reduce((total, one) => total + of(one), 0)
  const { heapUsed, rss } = process.memoryUsage()
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    timers: sum(({ server }) => server.context.wheel.size),
    gauges: sum((traffic) =>
      Object.values(traffic.gauges()).reduce((total, value) => total + Math.abs(value), 0),
    ),
    heapBytes: heapUsed,
    residentBytes: rss,
  }
}
