import { Buffer } from 'node:buffer'
import type { Reply } from '../http/reply.ts'
import { grpcStatusOf } from './grpc.ts'
import { addLines } from './raw-headers.ts'

const NOTHING = Buffer.alloc(0)

/** The gateway's own answer as fields and a body. */
export function replyHeaders({ status, lines, body }: Reply): { head: string[]; body: Buffer } {
  const head = [':status', String(status)]
  addLines(lines, head)
  if (status === 204 || status === 304) return { head, body: NOTHING }
  head.push('content-length', String(body.length))
  return { head, body }
}

/** The same for a gRPC client: only trailers, which say the status in its words. */
export function grpcReply({ status }: Reply): { head: string[]; body: Buffer } {
  const head = [':status', '200', 'content-type', 'application/grpc']
  head.push('grpc-status', String(grpcStatusOf(status)), 'grpc-message', `the gateway answers ${status}`)
  return { head, body: NOTHING }
}
