import type { TlsGroup } from '../../core/tls.ts'
import type { ClientHello } from './client-hello.ts'

/** IANA, TLS Supported Groups. */
const NUMBERS: Readonly<Record<TlsGroup, number>> = {
  X25519MLKEM768: 0x11ec,
  SecP256r1MLKEM768: 0x11eb,
  X25519: 0x1d,
  'P-256': 0x17,
  'P-384': 0x18,
  'P-521': 0x19,
}

/** TLS 1.2 knows no hybrids. */
const HYBRIDS: ReadonlySet<TlsGroup> = new Set(['X25519MLKEM768', 'SecP256r1MLKEM768'])

/** As OpenSSL names them to clients. */
const OTHER_NAMES: Readonly<Record<string, TlsGroup>> = {
  prime256v1: 'P-256',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  x25519: 'X25519',
}

/**
 * The group that a handshake used. Node tells servers nothing of it, but OpenSSL's choice follows from the hello (SSL_CTX_set1_groups_list):
 * the server's first group for which the client has sent a share, else its first that the client supports; in TLS 1.2, with
 * the server's preference, the latter. Null = the session was resumed without a key exchange, or it was none of these.
 */
export function negotiatedGroup(
  hello: ClientHello,
  ours: readonly TlsGroup[],
  session: { readonly version: string; readonly resumed: boolean },
): TlsGroup | null {
  if (session.version !== 'TLSv1.3') {
    if (session.resumed) return null
    return ours.find((group) => !HYBRIDS.has(group) && hello.groups.includes(NUMBERS[group])) ?? null
  }
  const both = ours.filter((group) => hello.groups.includes(NUMBERS[group]))
  return both.find((group) => hello.shares.includes(NUMBERS[group])) ?? both[0] ?? null
}

/** What `getEphemeralKeyInfo` calls it; null = none that we know. */
export function groupOf(name: string | undefined): TlsGroup | null {
  if (name === undefined) return null
  if (Object.hasOwn(NUMBERS, name)) return name as TlsGroup
  return OTHER_NAMES[name] ?? null
}
