import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ListenerSpec } from '../../../core/balancer.ts'
import { Fault, messageOf } from '../../../core/fault.ts'
import type { CertificateSpec } from '../../../core/tls.ts'

/** A certificate as it is uploaded. */
export interface CertificateFiles {
  /** PEM */
  readonly cert: string
  readonly key: string
  /** SHA-1 with colons, lower case. */
  readonly fingerprint: string
  /** The servers that it is for, such as `*.shop.test`. */
  readonly names: readonly string[]
}

/** Throws Fault. */
export function readCertificate({ cert, key }: CertificateSpec): CertificateFiles {
  try {
    const pem = readFileSync(cert, 'utf8')
    const { fingerprint, subjectAltName = '' } = new X509Certificate(pem)
    const names = subjectAltName.split(', ').filter((one) => one.startsWith('DNS:'))
    return {
      cert: pem,
      key: readFileSync(key, 'utf8'),
      fingerprint: fingerprint.toLowerCase(),
      names: names.map((one) => one.slice('DNS:'.length)),
    }
  } catch (error) {
    const message = `the certificate ${cert} with ${key} cannot be read: ${messageOf(error)}`
    throw new Fault('balancer.refused', message, { source: 'user', retry: 'no' })
  }
}

/** Those of each listener that has some, by its name. */
export type FilesOf = ReadonlyMap<string, readonly CertificateSpec[]>

export function certificateFiles(listeners: readonly ListenerSpec[]): FilesOf {
  return new Map(listeners.flatMap(({ name, tls }) => (tls ? [[name, tls.certificates]] : [])))
}
