import type { Millis } from './time.ts'

/** A certificate and its key, as PEM files with absolute paths; the certificate's file has the chain behind it. */
export interface CertificateSpec {
  readonly cert: string
  readonly key: string
}

/** TLS towards clients. The files are read by the gateway, and again when they change. */
export interface ListenerTlsSpec {
  /** The first one answers clients that name no host, or one that no certificate has. Empty = TLS passes through, unread. */
  readonly certificates: readonly CertificateSpec[]
  readonly minVersion: TlsVersion
  /** Key-exchange groups, the preferred one first. */
  readonly groups: readonly TlsGroup[]
  /** From the connection's start to the end of the handshake. */
  readonly handshakeMs: Millis
  readonly clientCertificate?: ClientCertificateSpec
}

export interface ClientCertificateSpec {
  /** A PEM file with the authorities that clients' certificates must come from. */
  readonly ca: string
  /** `require`: no connection without one. `request`: servers and rules are told whether there was one. */
  readonly mode: 'require' | 'request'
}

/** TLS towards servers. */
export interface ServerTlsSpec {
  /** The certificate must be for `serverName` and from `ca`. */
  readonly verify: boolean
  /** A PEM file with authorities; null = those that the runtime knows. */
  readonly ca: string | null
  /** Asked for (SNI) and checked; null = the name or address of the server. */
  readonly serverName: string | null
  /** The gateway's own certificate and key towards the server, both or neither. */
  readonly cert: string | null
  readonly key: string | null
}

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

/** By the names that OpenSSL takes; hybrids of ML-KEM (post-quantum) first. */
export const TLS_GROUPS = [
  'X25519MLKEM768',
  'SecP256r1MLKEM768',
  'X25519',
  'P-256',
  'P-384',
  'P-521',
] as const
export type TlsGroup = (typeof TLS_GROUPS)[number]

export const DEFAULT_GROUPS: readonly TlsGroup[] = ['X25519MLKEM768', 'X25519', 'P-256', 'P-384']

/** What a listener's TLS is made of: the files' contents. `id` changes with any of it. */
export interface ListenerTls {
  readonly id: string
  /** PEM, in the order of the specification, with the names that each is for: `example.org` or `*.example.org`, lower case. */
  readonly certificates: readonly {
    readonly names: readonly string[]
    readonly cert: string
    readonly key: string
  }[]
  readonly minVersion: TlsVersion
  readonly groups: readonly TlsGroup[]
  readonly handshakeMs: Millis
  readonly clientCertificate: { readonly ca: string; readonly required: boolean } | null
  /** 48 bytes, base64: with them every worker, and the gateway after this one, can read the session tickets of the others. */
  readonly ticketKeys: string
}

/** The same towards servers. */
export interface ServerTls {
  readonly id: string
  readonly verify: boolean
  readonly ca: string | null
  readonly serverName: string | null
  readonly cert: string | null
  readonly key: string | null
}
