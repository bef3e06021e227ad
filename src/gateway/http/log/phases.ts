import type { Phases } from '../../worker/log/access-line.ts'
import type { Marks } from '../exchange/marks.ts'

interface Times {
  readonly tlsMs: number | null
  readonly headMs: Phases['head']
  readonly startedMs: number
  readonly endedMs: number
}

/** Where a request's time went. Instants of 0 have not come; null = no pool was asked. */
export function phasesOf(marks: Marks | null, { tlsMs, headMs, startedMs, endedMs }: Times): Phases {
  const { begunMs, connectedMs, answeredMs } = marks ?? { begunMs: 0, connectedMs: 0, answeredMs: 0 }
  const asked = begunMs !== 0
  const isConnected = asked && connectedMs !== 0
  const isAnswered = isConnected && answeredMs !== 0
  return {
    tls: tlsMs,
    head: headMs,
    wait: asked ? begunMs - startedMs : null,
    connect: isConnected ? connectedMs - begunMs : null,
    server: isAnswered ? answeredMs - connectedMs : null,
    body: isAnswered ? endedMs - answeredMs : null,
  }
}
