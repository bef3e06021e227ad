import { Buffer } from 'node:buffer'
import type { Attempt, ProbeCheck, ProbeTarget } from './attempt.ts'
import { type Connection, isEncrypted, open } from './connection.ts'
import { authorityOf, PLAIN } from './http-request.ts'
import { type Http2Answer, request } from './http2.ts'

/** By number: `ServingStatus` of grpc/health/v1/health.proto. */
const SERVING_STATUS = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']
const SERVING = 1
const NOT_FOUND = 5
const UNIMPLEMENTED = 12

/** Calls grpc.health.v1.Health/Check: the server, or its service of that name, must be SERVING. */
export function checkGrpc(attempt: Attempt, target: ProbeTarget, check: ProbeCheck): void {
  const { service = '' } = check
  const ready = ({ socket, warning }: Connection) => {
    const headers = {
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      ':authority': authorityOf(target, PLAIN),
      ':scheme': isEncrypted(check) ? 'https' : 'http',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'tidegate-health',
    }
    request(
      attempt,
      socket,
      { headers, payload: framed(service) },
      {
        head(received) {
          const status = Number(received[':status'])
          if (status === 200) return true
          attempt.finish(false, `status ${status}`)
          return false
        },
        end(answer) {
          const problem = problemOf(answer, service)
          const passed = warning === '' ? 'SERVING' : `SERVING; ${warning}`
          attempt.finish(problem === null, problem ?? passed)
        },
      },
    )
  }
  open(attempt, target, check, { protocol: 'h2', ready })
}

/** A HealthCheckRequest, whose field 1 is the service, behind the prefix of a gRPC message. */
function framed(service: string): Buffer {
  const name = Buffer.from(service)
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([(1 << 3) | 2, ...varint(name.length)]), name])
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}

function problemOf({ headers, trailers, body }: Http2Answer, service: string): string | null {
  // An answer without a message has its status where the headers are.
  const code = Number(trailers['grpc-status'] ?? headers['grpc-status'] ?? Number.NaN)
  if (code === UNIMPLEMENTED) return 'the server has no grpc.health.v1.Health'
  if (code === NOT_FOUND) return `the server knows no service ${service}`
  if (Number.isNaN(code)) return 'the answer is not gRPC'
  if (code !== 0) return `gRPC status ${code}`
  const serving = body.length < 5 || body[0] !== 0 ? null : servingStatus(body.subarray(5))
  if (serving === null) return 'the answer is no HealthCheckResponse'
  return serving === SERVING ? null : (SERVING_STATUS[serving] ?? `status ${serving}`)
}

/** Field 1 of a HealthCheckResponse; 0 when it is left out, null when the bytes are none. Other fields would come behind it. */
function servingStatus(message: Uint8Array): number | null {
  if (message.length === 0) return 0
  const [tag, value] = message
  return tag === 1 << 3 && value !== undefined && value < 0x80 ? value : null
}
