import { Buffer } from 'node:buffer'
import { constants, hash } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { canonical } from '../../core/canonical.ts'
import type { Millis } from '../../core/time.ts'
import type { ListenerTls, TlsGroup } from '../../core/tls.ts'

/** Forward secrecy and authenticated encryption only; TLS 1.3's own suites first. */
export const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':')

/** How long a session may be resumed, in seconds. */
const SESSION_S = 2 * 60 * 60

/** SSL_MAX_SID_CTX_LENGTH. */
const MOST_CONTEXT_BYTES = 32

/** A listener's TLS in one worker: a context a certificate, chosen by the name that the client wants. */
export class TlsContexts {
  readonly id: string
  readonly groups: readonly TlsGroup[]
  readonly handshakeMs: Millis
  /** Clients are asked for a certificate; `required`: none, no connection. */
  readonly clientCertificate: { readonly required: boolean } | null
  readonly #default: SecureContext | null
  readonly #exact = new Map<string, SecureContext>()
  /** By what follows the star, with its dot. */
  readonly #wildcards = new Map<string, SecureContext>()

  constructor(tls: ListenerTls) {
    this.id = tls.id
    this.groups = tls.groups
    this.handshakeMs = tls.handshakeMs
    this.clientCertificate = tls.clientCertificate
    let first: SecureContext | null = null
    for (const { names, cert, key } of tls.certificates) {
      const context = contextOf(tls, cert, key)
      first ??= context
      for (const name of names) this.#add(name, context)
    }
    this.#default = first
  }

  /** Null = this listener has no certificate: TLS passes through. */
  for(serverName: string | null): SecureContext | null {
    if (serverName === null) return this.#default
    const exact = this.#exact.get(serverName)
    if (exact !== undefined) return exact
    const dot = serverName.indexOf('.')
    return (dot < 0 ? undefined : this.#wildcards.get(serverName.slice(dot))) ?? this.#default
  }

  /** Of two certificates for one name the first counts. */
  #add(name: string, context: SecureContext): void {
    const names = name.startsWith('*.') ? this.#wildcards : this.#exact
    const key = name.startsWith('*.') ? name.slice(1) : name
    if (!names.has(key)) names.set(key, context)
  }
}

function contextOf(tls: ListenerTls, cert: string, key: string): SecureContext {
  return createSecureContext({
    cert,
    key,
    ca: tls.clientCertificate?.ca,
    minVersion: tls.minVersion,
    ciphers: CIPHERS,
    honorCipherOrder: true,
    // TLS 1.2 lets clients ask for one handshake after the other, which costs them less than us.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ecdhCurve: tls.groups.join(':'),
    sessionTimeout: SESSION_S,
    // A session is what its client has proved, and all listeners can read the tickets of all: one of a listener that asks for less, or
    // of other authorities, must not be resumed here (as in CVE-2025-23419).
    sessionIdContext: hash('sha256', canonical(tls.clientCertificate)).slice(0, MOST_CONTEXT_BYTES),
    ticketKeys: Buffer.from(tls.ticketKeys, 'base64'),
  })
}
