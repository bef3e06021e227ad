import { createHash, createHmac } from 'node:crypto'
import type { Millis } from '../../../core/time.ts'
import type { Secret } from './secret.ts'

const ALGORITHM = 'ACS3-HMAC-SHA256'

/** Who signs. */
export interface Signer {
  readonly accessKeyId: string
  readonly accessKeySecret: Secret
  /** Of keys that end: null with keys that last. */
  readonly securityToken: Secret | null
}

export interface Unsigned {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** With `host`; those of the signature are added. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Signed {
  /** All that the request is to be sent with. */
  readonly headers: Readonly<Record<string, string>>
  readonly canonicalRequest: string
  readonly stringToSign: string
}

/** Signs in the cloud's version 3: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature.
 *  There is no derived key and no scope: date and nonce alone keep a request from being sent twice. */
export function sign(
  request: Unsigned,
  signer: Signer,
  { date, nonce }: { readonly date: Millis; readonly nonce: string },
): Signed {
  const digest = sha256(request.body)
  const headers: Record<string, string> = {
    ...request.headers,
    'x-acs-date': `${new Date(date).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': digest,
  }
  if (signer.securityToken !== null) {
    headers['x-acs-accesskey-id'] = signer.accessKeyId
    headers['x-acs-security-token'] = signer.securityToken.reveal()
  }
  const { lines, names } = canonicalHeaders(headers)
  const canonicalRequest = [
    request.method,
    request.path,
    encodeForm(request.query),
    lines,
    names,
    digest,
  ].join('\n')
  const stringToSign = `${ALGORITHM}\n${sha256(canonicalRequest)}`
  const signature = createHmac('sha256', signer.accessKeySecret.reveal()).update(stringToSign).digest('hex')
  const authorization = `${ALGORITHM} Credential=${signer.accessKeyId},SignedHeaders=${names},Signature=${signature}`
  return { headers: { ...headers, authorization }, canonicalRequest, stringToSign }
}

/** Query or form, sorted and encoded as it is signed. What is sent is written by this too, so that both agree in every character. */
export function encodeForm(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .sort()
    .map((key) => `${encode(key)}=${encode(parameters[key] ?? '')}`)
    .join('&')
}

/** RFC 3986: all but letters, digits and `-_.~`; `encodeURIComponent` leaves five characters more. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function canonicalHeaders(headers: Readonly<Record<string, string>>): { lines: string; names: string } {
  const signed = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    lines: signed.map(([name, value]) => `${name}:${value}\n`).join(''),
    names: signed.map(([name]) => name).join(';'),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
