/** Milliseconds a unit of `grpc-timeout`. */
const UNITS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000001,
}

/** `grpc-timeout: 30S` in ms (gRPC over HTTP/2, "Requests"); 0 = it is not to be read. */
export function readGrpcTimeout(value: string): number {
  const match = /^(\d{1,8})([HMSmun])$/.exec(value)
  return match === null ? 0 : Number(match[1]) * UNITS[match[2]!]!
}

const UNKNOWN = 2
const DEADLINE_EXCEEDED = 4
const RESOURCE_EXHAUSTED = 8
const UNAVAILABLE = 14
/** gRPC's "HTTP to gRPC Status Code Mapping", but for what the gateway means by its own answers: 413, 431 and 504. */
const CODES: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  413: RESOURCE_EXHAUSTED,
  429: UNAVAILABLE,
  431: RESOURCE_EXHAUSTED,
  502: UNAVAILABLE,
  503: UNAVAILABLE,
  504: DEADLINE_EXCEEDED,
}

/** What a gRPC client is told instead of an HTTP status; 2 = unknown. */
export function grpcStatusOf(status: number): number {
  return CODES[status] ?? UNKNOWN
}
