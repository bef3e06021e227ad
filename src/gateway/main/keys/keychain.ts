import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { BalancerSpec } from '../../../core/balancer.ts'
import { canonical } from '../../../core/canonical.ts'
import { messageOf } from '../../../core/fault.ts'
import { hash64 } from '../../../core/hash.ts'
import type { Millis } from '../../../core/time.ts'
import type {
  CertificateSpec,
  ListenerTls,
  ListenerTlsSpec,
  ServerTls,
  ServerTlsSpec,
} from '../../../core/tls.ts'
import { hostNames } from '../../tls/certificate-names.ts'

/** Everything that TLS needs from files, by listener and by pool. Immutable. */
export interface Keychain {
  readonly listeners: Readonly<Record<string, ListenerTls>>
  readonly pools: Readonly<Record<string, ServerTls>>
  /** For metrics: when the certificates of listeners end. */
  readonly certificates: readonly {
    readonly listener: string
    readonly file: string
    readonly expiresAt: Millis
  }[]
  /** Signs the cookies of sessions; '' = nobody needs it. */
  readonly affinity: string
}

export const NO_KEYS: Keychain = { listeners: {}, pools: {}, certificates: [], affinity: '' }

/** A part of the keychain that its files do not give. */
export interface KeyProblem {
  /** `listener web` or `pool api`. */
  readonly of: string
  readonly message: string
}

/** Reads every file that the specification names. What is wrong with one leaves the others as they are. */
export async function readKeychain(
  spec: BalancerSpec,
  ticketKeys: string,
): Promise<{ keychain: Keychain; problems: readonly KeyProblem[] }> {
  const listeners: Record<string, ListenerTls> = {}
  const pools: Record<string, ServerTls> = {}
  const certificates: Keychain['certificates'][number][] = []
  const problems: KeyProblem[] = []
  const trouble = (of: string) => (error: unknown) => void problems.push({ of, message: messageOf(error) })
  for (const { name, tls } of spec.listeners) {
    if (tls === undefined) continue
    const read = await readListener(tls, ticketKeys).catch(trouble(`listener ${name}`))
    if (!read) continue
    listeners[name] = read.material
    certificates.push(...read.ends.map((end) => ({ listener: name, ...end })))
  }
  for (const { name, upstream } of spec.pools) {
    if (upstream.tls === undefined) continue
    const read = await readServer(upstream.tls).catch(trouble(`pool ${name}`))
    if (read) pools[name] = read
  }
  return { keychain: { listeners, pools, certificates, affinity: '' }, problems }
}

/** The files that the specification names. */
export function keyFiles(spec: BalancerSpec | null): string[] {
  const files = (spec?.listeners ?? []).flatMap(({ tls }) => [
    ...(tls?.certificates ?? []).flatMap(({ cert, key }) => [cert, key]),
    tls?.clientCertificate?.ca,
  ])
  const towards = (spec?.pools ?? []).flatMap(({ upstream: { tls } }) => [tls?.ca, tls?.cert, tls?.key])
  return [...new Set([...files, ...towards])].filter((file) => typeof file === 'string')
}

interface ReadListener {
  readonly material: ListenerTls
  readonly ends: readonly { readonly file: string; readonly expiresAt: Millis }[]
}

async function readListener(spec: ListenerTlsSpec, ticketKeys: string): Promise<ReadListener> {
  const pairs = await Promise.all(spec.certificates.map(readPair))
  const { clientCertificate: wanted } = spec
  const ca = wanted && (await readCertificates(wanted.ca))
  const rest = {
    certificates: pairs.map(({ names, cert, key }) => ({ names, cert, key })),
    minVersion: spec.minVersion,
    groups: spec.groups,
    handshakeMs: spec.handshakeMs,
    clientCertificate: wanted && ca ? { ca, required: wanted.mode === 'require' } : null,
    ticketKeys,
  }
  return {
    material: { id: hash64(canonical(rest)), ...rest },
    ends: pairs.map(({ expiresAt }, at) => ({ file: spec.certificates[at]!.cert, expiresAt })),
  }
}

async function readServer(spec: ServerTlsSpec): Promise<ServerTls> {
  const pair =
    spec.cert !== null && spec.key !== null ? await readPair({ cert: spec.cert, key: spec.key }) : null
  const rest = {
    verify: spec.verify,
    serverName: spec.serverName,
    ca: spec.ca === null ? null : await readCertificates(spec.ca),
    cert: pair?.cert ?? null,
    key: pair?.key ?? null,
  }
  return { id: hash64(canonical(rest)), ...rest }
}

async function readPair({ cert: certFile, key: keyFile }: CertificateSpec) {
  const [cert, key] = [await readCertificates(certFile), await read(keyFile)]
  const certificate = new X509Certificate(cert)
  if (!certificate.checkPrivateKey(parseKey(key, keyFile))) {
    throw new Error(`${keyFile} is not the key of ${certFile}`)
  }
  return { names: hostNames(certificate), cert, key, expiresAt: Date.parse(certificate.validTo) }
}

async function readCertificates(file: string): Promise<string> {
  const text = await read(file)
  try {
    new X509Certificate(text)
  } catch {
    throw new Error(`${file} is no certificate in PEM`)
  }
  return text
}

function parseKey(text: string, file: string) {
  try {
    return createPrivateKey(text)
  } catch {
    throw new Error(`${file} is no private key in PEM without a passphrase`)
  }
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`)
  })
}
