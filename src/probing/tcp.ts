import type { AnswerSpec } from '../core/health.ts'
import { answerProblem } from './answer.ts'
import type { Attempt, ProbeCheck, ProbeTarget } from './attempt.ts'
import { type Connection, isEncrypted, open } from './connection.ts'

/** A server that says more than this before what is waited for has failed. */
const MAX_BYTES = 4096

/** Connects, with TLS if it is a tls check; then sends, and waits for an answer, if there is one to wait for. */
export function checkTcp(attempt: Attempt, target: ProbeTarget, check: ProbeCheck): void {
  const { send, answer } = check
  const ready = (connection: Connection) => {
    if (send !== undefined) connection.socket.write(send)
    if (answer !== undefined) expectAnswer(attempt, connection, answer)
    else attempt.finish(true, passed(isEncrypted(check) ? 'handshake done' : 'connected', connection))
  }
  open(attempt, target, check, { protocol: null, ready })
}

function expectAnswer(attempt: Attempt, connection: Connection, answer: AnswerSpec): void {
  const { socket } = connection
  let read: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    read = Buffer.concat([read, chunk])
    const problem = answerProblem(read, answer, 'answer')
    if (problem === null) attempt.finish(true, passed('answered as expected', connection))
    else if (read.length > MAX_BYTES) attempt.finish(false, `${problem} in its first ${MAX_BYTES} bytes`)
    else attempt.waitFor(problem)
  })
  socket.on('end', () => attempt.finish(false, answerProblem(read, answer, 'answer') ?? 'closed'))
}

function passed(what: string, { warning }: Connection): string {
  return warning === '' ? what : `${what}; ${warning}`
}
