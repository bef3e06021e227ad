import type { HealthType } from '../core/health.ts'
import { type Attempt, attempt, type ProbeCheck, type ProbeResult, type ProbeTarget } from './attempt.ts'
import { checkByCommand } from './command.ts'
import { checkGrpc } from './grpc.ts'
import { checkHttp } from './http.ts'
import { checkIcmp } from './icmp.ts'
import { checkTcp } from './tcp.ts'
import { checkUdp } from './udp.ts'

type Check = (attempt: Attempt, target: ProbeTarget, check: ProbeCheck) => void

const CHECKS: Readonly<Record<HealthType, Check>> = {
  http: checkHttp,
  https: checkHttp,
  tcp: checkTcp,
  tls: checkTcp,
  grpc: checkGrpc,
  udp: checkUdp,
  icmp: checkIcmp,
  command: checkByCommand,
}

/** One check of one server, over a connection or by a process of its own. Never throws; when it resolves, both are gone. */
export function probe(target: ProbeTarget, check: ProbeCheck, signal: AbortSignal): Promise<ProbeResult> {
  // Who listens on a port of its own for checks is not behind a proxy.
  const { port } = check
  const { preamble, ...server } = target
  const to = port === undefined ? target : { ...server, port }
  return attempt(check, signal, (one) => CHECKS[check.type](one, to, check))
}
