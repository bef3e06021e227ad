import { createPrivateKey, X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import type * as z from 'zod'
import type { Protocol } from '../core/balancer.ts'
import { messageOf } from '../core/fault.ts'
import type { Millis } from '../core/time.ts'
import {
  type CertificateSpec,
  DEFAULT_GROUPS,
  type ListenerTlsSpec,
  type ServerTlsSpec,
  TLS_GROUPS,
  type TlsGroup,
} from '../core/tls.ts'
import type { Path } from './document.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'
import { didYouMean } from './suggest.ts'
import { CERTIFICATE, type SERVER_TLS, type TLS } from './tls-schema.ts'

/** How the files that TLS names are found and read. */
export interface TlsFiles {
  readonly baseDir: string
  readonly now: Millis
  /** By its absolute path; throws when it cannot be read. null = none is to be read, and none is checked. */
  readonly readFile: ((path: string) => string) | null
}

/** What a listener of this protocol does with TLS; undefined = nothing. */
export function readListenerTls(
  tls: z.output<typeof TLS>,
  protocol: Protocol | 'udp',
  about: { readonly path: Path; readonly files: TlsFiles },
  report: Report,
): ListenerTlsSpec | undefined {
  const { path, files } = about
  if (protocol !== 'https' && protocol !== 'tls') {
    const isMeant =
      tls.certificates !== undefined || tls.passthrough || tls['client-certificate'].ca !== undefined
    if (isMeant) report.error(path, `has no effect on ${protocol}; expected protocol: https or protocol: tls`)
    return undefined
  }
  const listed = tls.certificates ?? []
  const certificates = readCertificates(listed, [...path, 'certificates'], files, report)
  if (tls.passthrough && (listed.length > 0 || protocol === 'https')) {
    const at = [...path, 'passthrough']
    report.error(at, 'what passes through is not decrypted; expected protocol: tls and no certificates')
  } else if (!tls.passthrough && listed.length === 0) {
    report.error(path, 'missing certificates; expected a list such as [ { cert: web.pem, key: web.key } ]')
  }
  const { ca, mode } = tls['client-certificate']
  if (ca !== undefined) checkCertificate(ca, [...path, 'client-certificate', 'ca'], files, report)
  return {
    certificates,
    minVersion: tls['min-version'],
    groups: readGroups(tls.groups, [...path, 'groups'], report),
    handshakeMs: tls.handshake,
    ...(ca !== undefined && { clientCertificate: { ca: resolve(files.baseDir, ca), mode } }),
  }
}

/** TLS towards a pool's servers; undefined = plain bytes. */
export function readServerTls(
  tls: z.output<typeof SERVER_TLS>,
  about: { readonly path: Path; readonly isSet: boolean; readonly files: TlsFiles },
  report: Report,
): ServerTlsSpec | undefined {
  if (!(tls.enabled ?? about.isSet)) return undefined
  const { path, files } = about
  const { ca, cert, key } = tls
  if ((cert === undefined) !== (key === undefined)) {
    report.error(path, 'has one of cert and key; expected both or neither')
  } else if (cert !== undefined && key !== undefined) checkPair({ cert, key }, path, files, report)
  if (ca !== undefined) checkCertificate(ca, [...path, 'ca'], files, report)
  const file = (name: string | undefined) => (name === undefined ? null : resolve(files.baseDir, name))
  return {
    verify: tls.verify,
    ca: file(ca),
    serverName: tls['server-name'] ?? null,
    cert: file(cert),
    key: file(key),
  }
}

function readCertificates(
  items: readonly unknown[],
  path: Path,
  files: TlsFiles,
  report: Report,
): readonly CertificateSpec[] {
  return items.flatMap((raw, index) => {
    const pair = parsePart(CERTIFICATE, raw, [...path, index], report)
    if (!pair) return []
    checkPair(pair, [...path, index], files, report)
    return [{ cert: resolve(files.baseDir, pair.cert), key: resolve(files.baseDir, pair.key) }]
  })
}

function checkPair({ cert, key }: CertificateSpec, path: Path, files: TlsFiles, report: Report): void {
  const certificate = checkCertificate(cert, [...path, 'cert'], files, report)
  const text = readPem(key, [...path, 'key'], files, report)
  if (text === null) return
  try {
    const privateKey = createPrivateKey(text)
    const fits = certificate?.checkPrivateKey(privateKey) ?? true
    if (!fits) report.error([...path, 'key'], `is not the key of ${cert}`)
  } catch {
    report.error([...path, 'key'], `${key} is no private key in PEM without a passphrase`)
  }
}

function checkCertificate(file: string, path: Path, files: TlsFiles, report: Report): X509Certificate | null {
  const text = readPem(file, path, files, report)
  if (text === null) return null
  try {
    const certificate = new X509Certificate(text)
    if (Date.parse(certificate.validTo) < files.now)
      report.warn(path, `${file} ended on ${certificate.validTo}`)
    return certificate
  } catch {
    report.error(path, `${file} is no certificate in PEM`)
    return null
  }
}

function readPem(file: string, path: Path, files: TlsFiles, report: Report): string | null {
  if (files.readFile === null) return null
  try {
    return files.readFile(resolve(files.baseDir, file))
  } catch (error) {
    report.error(path, `${file} cannot be read: ${messageOf(error)}`)
    return null
  }
}

function readGroups(
  words: string | readonly string[] | undefined,
  path: Path,
  report: Report,
): readonly TlsGroup[] {
  if (words === undefined) return DEFAULT_GROUPS
  const names = typeof words === 'string' ? [words] : words
  return names.flatMap((word, index) => {
    const group = TLS_GROUPS.find((known) => known.toLowerCase() === word.toLowerCase())
    if (group !== undefined) return [group]
    const at = typeof words === 'string' ? path : [...path, index]
    report.error(at, `unknown group${didYouMean(word, TLS_GROUPS)}; expected one of ${TLS_GROUPS.join(', ')}`)
    return []
  })
}
