import type { FastifyReply } from 'fastify'
import type { ProblemDetails } from '../core/api.ts'
import { FAULTS, Fault, type FaultCode, userFault } from '../core/fault.ts'

const STATUS: Readonly<Record<FaultCode, number>> = {
  'balancer.unreachable': 503,
  'balancer.stale-epoch': 409,
  'balancer.unknown-pool': 404,
  'balancer.foreign-member': 409,
  'balancer.refused': 502,
  'fleet.launch-failed': 502,
  'fleet.list-failed': 502,
  'fleet.retire-failed': 502,
  'fleet.confirm-failed': 502,
  'metrics.failed': 502,
  'port.taken': 409,
  'store.busy': 409,
  'store.failed': 500,
  'config.invalid': 422,
  'request.invalid': 400,
  'request.unauthenticated': 401,
  'request.forbidden': 403,
  'request.limited': 429,
  'order.refused': 409,
  'not-found': 404,
  timeout: 504,
  internal: 500,
}

/** What an error says to a client. `status` overrides the code's own. */
export function problemOf(fault: Fault, status = STATUS[fault.code]): ProblemDetails {
  return {
    type: `urn:tidegate:fault:${fault.code}`,
    title: FAULTS[fault.code],
    status,
    detail: fault.message,
    code: fault.code,
  }
}

/** Whatever a handler or Fastify threw, as a Fault with its HTTP status. */
export function problemFrom(error: unknown): ProblemDetails {
  if (error instanceof Fault) return problemOf(error)
  const status = (error as { statusCode?: unknown }).statusCode
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return problemOf(userFault('request.invalid', (error as Error).message), status)
  }
  // The text of a defect may name files and values: it belongs in the log, not in the answer.
  return problemOf(new Fault('internal', 'the log says more', { source: 'internal', retry: 'no' }))
}

export function sendProblem(reply: FastifyReply, problem: ProblemDetails): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}
