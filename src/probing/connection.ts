import { connect, isIP, type Socket } from 'node:net'
import { type SecureContext, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { messageOf } from '../core/fault.ts'
import type { CertificateAgeSpec, HealthType } from '../core/health.ts'
import type { Attempt, ProbeCheck, ProbeTarget } from './attempt.ts'
import { contextOf, DEFAULT_TLS } from './contexts.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const CLOSED = 'closed without an answer'
const NO_HTTP2 = 'the server does not speak HTTP/2 over TLS'

/** A connection that is open, and encrypted if it should be. */
export interface Connection {
  readonly socket: Socket
  /** What is to be said beside a pass; empty = nothing. */
  readonly warning: string
}

const ENCRYPTED: readonly HealthType[] = ['https', 'tls']

export function isEncrypted({ type, tls }: ProbeCheck): boolean {
  return ENCRYPTED.includes(type) || (type === 'grpc' && tls !== undefined)
}

/** Connects, with TLS where the check says so. The socket goes with the attempt, and its end before an answer fails it. */
export function open(
  attempt: Attempt,
  target: ProbeTarget,
  check: ProbeCheck,
  { protocol, ready }: { readonly protocol: string | null; readonly ready: (connection: Connection) => void },
): void {
  // Before there is a socket: a file that cannot be read throws.
  const context = isEncrypted(check) ? contextOf(check.tls ?? DEFAULT_TLS) : null
  const socket = connect({ host: target.host, port: target.port })
  socket.on('error', (error) => attempt.finish(false, messageOf(error)))
  if (target.preamble) socket.write(target.preamble)
  if (context !== null) {
    encrypt(attempt, target, check, { socket, context, protocol, ready })
    return
  }
  attempt.release(() => socket.destroy())
  socket.on('close', () => attempt.finish(false, CLOSED))
  socket.on('connect', () => ready({ socket, warning: '' }))
}

interface Encryption {
  readonly socket: Socket
  readonly context: SecureContext
  /** For ALPN; null = nothing is said. */
  readonly protocol: string | null
  readonly ready: (connection: Connection) => void
}

function encrypt(
  attempt: Attempt,
  target: ProbeTarget,
  check: ProbeCheck,
  { socket, context, protocol, ready }: Encryption,
): void {
  const { tls = DEFAULT_TLS, certificate } = check
  const name = tls.serverName ?? target.name ?? target.host
  const secure = tlsConnect({
    socket,
    host: name,
    // RFC 6066 3: addresses are no names.
    servername: isIP(name) === 0 ? name : '',
    secureContext: context,
    rejectUnauthorized: tls.verify,
    ...(protocol !== null && { ALPNProtocols: [protocol] }),
  })
  attempt.release(() => secure.destroy())
  secure.on('error', (error: NodeJS.ErrnoException) => attempt.finish(false, handshakeProblem(error)))
  // The socket below goes after the one around it: the other way round, the runtime loses the handshake's end or crashes.
  secure.on('close', () => {
    attempt.finish(false, CLOSED)
    socket.destroy()
  })
  secure.on('secureConnect', () => {
    if (protocol === 'h2' && secure.alpnProtocol !== 'h2') {
      attempt.finish(false, NO_HTTP2)
      return
    }
    const age = certificate === undefined ? '' : ageProblem(secure, certificate)
    if (age !== '' && certificate?.action === 'fail') attempt.finish(false, age)
    else ready({ socket: secure, warning: age })
  })
}

/** What a handshake's failure means, by the runtime's code; others are told in OpenSSL's words. */
const HANDSHAKE_PROBLEMS: Readonly<Record<string, string>> = {
  // RFC 7301 3.2: a server that shares none of the protocols says so by an alert.
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: NO_HTTP2,
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak TLS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate comes from an authority that is not known; tls.ca names one',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate comes from an authority that is not known; tls.ca names one',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that is not known; tls.ca names one',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself; tls.ca names it',
}

/** OpenSSL's errors come with the numbers of threads and lines of its source; `reason` is what people can use of them. */
function handshakeProblem(error: NodeJS.ErrnoException & { reason?: string }): string {
  return HANDSHAKE_PROBLEMS[error.code ?? ''] ?? error.reason ?? messageOf(error)
}

function ageProblem(socket: TLSSocket, { days }: CertificateAgeSpec): string {
  const { valid_to: end } = socket.getPeerCertificate()
  const left = Math.floor((Date.parse(end) - Date.now()) / DAY_MS)
  if (left >= days) return ''
  return left < 0 ? `the certificate ended on ${end}` : `the certificate ends in ${left} days, on ${end}`
}
