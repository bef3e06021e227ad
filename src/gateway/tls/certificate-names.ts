import type { X509Certificate } from 'node:crypto'

/** One name as Node prints it: `DNS:a.org`, or in JSON's quotes where its bytes could be taken for several (CVE-2021-44532). */
const ENTRY = /([A-Za-z0-9 ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y

/** The subject's alternative names of these kinds (DNS, email, URI), as they are written in the certificate. */
export function alternativeNames(
  certificate: Pick<X509Certificate, 'subjectAltName'>,
  kinds: readonly string[],
): string[] {
  const text = certificate.subjectAltName ?? ''
  const names: string[] = []
  ENTRY.lastIndex = 0
  for (let found = ENTRY.exec(text); found !== null; found = ENTRY.exec(text)) {
    const [, kind, value] = found as unknown as [string, string, string]
    // A name that needs quotes is none that anybody asks for.
    if (kinds.includes(kind) && !value.startsWith('"')) names.push(value)
    if (ENTRY.lastIndex === text.length) break
  }
  return names
}

/** The subject's common name; null = it has none, or several. */
export function commonName({ subject }: Pick<X509Certificate, 'subject'>): string | null {
  const names = subject?.split('\n').filter((line) => line.startsWith('CN=')) ?? []
  return names.length === 1 ? names[0]!.slice(3) : null
}

/** Whom a client's certificate is for: its alternative names, or the common name of one that has none of any kind. */
export function clientNames(certificate: X509Certificate): string[] {
  if (certificate.subjectAltName !== undefined) return alternativeNames(certificate, ['DNS', 'email', 'URI'])
  const name = commonName(certificate)
  return name === null ? [] : [name]
}

/** Which hosts a server's certificate is for, in lower case (RFC 9525 knows no common name; certificates without the rest still do). */
export function hostNames(certificate: X509Certificate): string[] {
  if (certificate.subjectAltName !== undefined) {
    return alternativeNames(certificate, ['DNS']).map((name) => name.toLowerCase())
  }
  const name = commonName(certificate)
  return name === null ? [] : [name.toLowerCase()]
}
