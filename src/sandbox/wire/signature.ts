import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Millis } from '../../core/time.ts'
import { Refusal } from '../refusal.ts'
import { decoded, type HttpRequest, parametersOf, type SignatureVersion } from './request.ts'

/** What a signature says of its call, before anybody has looked whether it is right. */
export interface Claim {
  readonly accessKeyId: string
  readonly securityToken: string | null
  readonly nonce: string
  readonly date: Millis
}

/** What is signed, and by what. */
interface Signed extends Claim {
  readonly stringToSign: string
  readonly signature: string
}

/** Reads who says to have signed; `check` tells whether that is so. Throws a Refusal when something is left out. */
export function claimOf(
  request: HttpRequest,
  version: SignatureVersion,
): Claim & { check(secret: string): void } {
  const signed = version === 'ACS3-HMAC-SHA256' ? acs3(request) : hmacSha1(request)
  return {
    ...signed,
    check: (secret) => {
      if (!isEqual(signed.signature, signatureBy(version, secret, signed.stringToSign)))
        throw new Refusal(
          'SignatureDoesNotMatch',
          `Specified signature is not matched with our calculation. server string to sign is:${signed.stringToSign}`,
        )
    },
  }
}

function signatureBy(version: SignatureVersion, secret: string, text: string): string {
  return version === 'ACS3-HMAC-SHA256'
    ? createHmac('sha256', secret).update(text).digest('hex')
    : createHmac('sha1', `${secret}&`).update(text).digest('base64')
}

/** https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
function acs3(request: HttpRequest): Signed {
  const { headers, method, target, body } = request
  const { pathname, search } = new URL(target, 'http://sandbox')
  const [, id, names, signature] =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (id === undefined || names === undefined || signature === undefined) throw incomplete('Authorization')
  const digest = sha256(body)
  if (headers['x-acs-content-sha256'] !== digest) throw incomplete('x-acs-content-sha256')
  const lines = names.split(';').map((name) => `${name}:${(headers[name] ?? '').trim()}\n`)
  const canonical = [method, pathname, encoded(decoded(search)), lines.join(''), names, digest].join('\n')
  return {
    accessKeyId: id,
    securityToken: headers['x-acs-security-token'] ?? null,
    nonce: given('x-acs-signature-nonce', headers['x-acs-signature-nonce']),
    date: dateOf(given('x-acs-date', headers['x-acs-date'])),
    stringToSign: `ACS3-HMAC-SHA256\n${sha256(canonical)}`,
    signature,
  }
}

/** https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism */
function hmacSha1(request: HttpRequest): Signed {
  const { Signature: signature, ...rest } = parametersOf(request)
  return {
    accessKeyId: given('AccessKeyId', rest.AccessKeyId),
    securityToken: rest.SecurityToken ?? null,
    nonce: given('SignatureNonce', rest.SignatureNonce),
    date: dateOf(given('Timestamp', rest.Timestamp)),
    stringToSign: `${request.method}&%2F&${encode(encoded(rest))}`,
    signature: given('Signature', signature),
  }
}

function given(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw incomplete(name)
  return value
}

function incomplete(name: string): Refusal {
  return new Refusal(
    'IncompleteSignature',
    `The request signature does not conform to Aliyun standards: ${name} is missing or wrong.`,
  )
}

/** The vendor's older client (aliyun-sdk) writes thousandths too. */
function dateOf(text: string): Millis {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw new Refusal('InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.')
  return at
}

/** Decoded and encoded anew: what clients leave unescaped on the wire they escape before they sign. */
function encoded(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name]!)}`)
    .join('&')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
