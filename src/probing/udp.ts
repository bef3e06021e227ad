import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns'
import { messageOf } from '../core/fault.ts'
import { answerProblem } from './answer.ts'
import type { Attempt, ProbeCheck, ProbeTarget } from './attempt.ts'

/** Silence is taken for a pass a little before the attempt would time out. */
const BEFORE_TIMEOUT_MS = 5

/** Sends one datagram. An answer must come and fit if the check says what it is; otherwise it fails only when the server's system says that nobody listens (ICMP port unreachable). */
export function checkUdp(attempt: Attempt, target: ProbeTarget, check: ProbeCheck): void {
  lookup(target.host, (error, address, family) => {
    if (error) attempt.finish(false, messageOf(error))
    else exchange(attempt, { address, port: target.port, isIpv6: family === 6 }, check)
  })
}

interface Destination {
  readonly address: string
  readonly port: number
  readonly isIpv6: boolean
}

function exchange(attempt: Attempt, to: Destination, { send = '', answer, timeoutMs }: ProbeCheck): void {
  const socket = createSocket(to.isIpv6 ? 'udp6' : 'udp4')
  let closed = false
  socket.on('close', () => (closed = true))
  socket.on('error', (error: NodeJS.ErrnoException) => attempt.finish(false, reason(error)))
  attempt.release(() => {
    if (!closed) socket.close()
    closed = true
  })
  if (closed) return
  socket.on('message', (bytes) => {
    const problem = answer === undefined ? null : answerProblem(bytes, answer, 'answer')
    attempt.finish(problem === null, problem ?? 'answered')
  })
  if (answer === undefined) {
    const quietMs = Math.max(timeoutMs - BEFORE_TIMEOUT_MS, 1)
    const quiet = setTimeout(() => attempt.finish(true, 'nobody says that the port is closed'), quietMs)
    attempt.release(() => clearTimeout(quiet))
  }
  // Only a connected socket is told of ICMP errors.
  socket.connect(to.port, to.address, () => socket.send(send))
}

function reason(error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNREFUSED' ? 'port unreachable' : messageOf(error)
}
