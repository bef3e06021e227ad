import { createPrivateKey, X509Certificate } from 'node:crypto'
import { Refusal } from '../refusal.ts'
import type { Certificate } from './state.ts'

/** What stands in a certificate and its key. Throws a Refusal for what is none, or for a key of another. */
export function readCertificate(cert: string, key: string): Omit<Certificate, 'id' | 'account' | 'name'> {
  const { x509, isItsKey } = parsed(cert, key)
  if (!isItsKey)
    throw new Refusal('CertificateKeyNotMatch', 'The certificate and the private key do not match.')
  const alternatives = (x509.subjectAltName ?? '').split(', ').map((one) => one.replace(/^[^:]*:/, ''))
  return {
    cert,
    key,
    commonName: partOf(x509.subject, 'CN'),
    names: alternatives.filter((one) => one !== ''),
    issuer: partOf(x509.issuer, 'O') || partOf(x509.issuer, 'CN'),
    serial: x509.serialNumber.toLowerCase(),
    fingerprint: bare(x509.fingerprint),
    sha256: bare(x509.fingerprint256),
    from: Date.parse(x509.validFrom),
    until: Date.parse(x509.validTo),
  }
}

function parsed(cert: string, key: string): { x509: X509Certificate; isItsKey: boolean } {
  try {
    const x509 = new X509Certificate(cert)
    return { x509, isItsKey: x509.checkPrivateKey(createPrivateKey(key)) }
  } catch {
    throw new Refusal('CertificateFormatError', 'The format of the certificate or of its key is not valid.')
  }
}

function partOf(name: string, part: string): string {
  const line = name.split('\n').find((one) => one.startsWith(`${part}=`))
  return line?.slice(part.length + 1) ?? ''
}

function bare(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}
