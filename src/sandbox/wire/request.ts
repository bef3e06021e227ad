import { Refusal } from '../refusal.ts'

/** What came over HTTP. Header names are in lower case. */
export interface HttpRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** Which signature a call bears. */
export type SignatureVersion = 'ACS3-HMAC-SHA256' | 'HMAC-SHA1'

/** One call, whatever it came as. */
export interface Rpc {
  readonly version: string
  readonly action: string
  /** Of query and form together, without those of the envelope. */
  readonly parameters: Readonly<Record<string, string>>
  readonly signature: SignatureVersion
}

/** Of the older signature, whose envelope stands among the parameters. */
const ENVELOPE = new Set([
  'Action',
  'Version',
  'Format',
  'AccessKeyId',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureVersion',
  'SignatureType',
  'Timestamp',
])

/** Throws a Refusal for what is no call. */
export function readRpc(request: HttpRequest): Rpc {
  if (request.method !== 'GET' && request.method !== 'POST')
    throw new Refusal('UnsupportedHTTPMethod', 'This http method is not supported.')
  const sent = parametersOf(request)
  const signature = signatureOf(request, sent)
  const { headers } = request
  const action = headers['x-acs-action'] ?? sent.Action
  const version = headers['x-acs-version'] ?? sent.Version
  if (action === undefined) throw new Refusal('MissingAction', 'Action is mandatory for this action.')
  if (version === undefined) throw new Refusal('MissingVersion', 'Version is mandatory for this action.')
  // The cloud's older signature answers XML unless it is asked for JSON; this one speaks JSON alone.
  if (signature === 'HMAC-SHA1' && sent.Format?.toUpperCase() !== 'JSON')
    throw new Refusal('InvalidFormat', 'The sandbox answers in JSON only: send Format=JSON.')
  const parameters = Object.fromEntries(Object.entries(sent).filter(([name]) => !ENVELOPE.has(name)))
  return { version, action, parameters, signature }
}

/** Those of the query, and of the body when that is a form. */
export function parametersOf(request: HttpRequest): Readonly<Record<string, string>> {
  const { search } = new URL(request.target, 'http://sandbox')
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return { ...decoded(search), ...(isForm ? decoded(request.body) : {}) }
}

/** As query and form are written: `+` is a blank in both. */
export function decoded(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(text))
}

/** By the header: clients of the older one send `x-acs-action` too. */
function signatureOf({ headers }: HttpRequest, sent: Readonly<Record<string, string>>): SignatureVersion {
  if (headers.authorization?.startsWith('ACS3-HMAC-SHA256 ')) return 'ACS3-HMAC-SHA256'
  if (sent.Signature !== undefined) return 'HMAC-SHA1'
  throw new Refusal('IncompleteSignature', 'The request signature does not conform to Aliyun standards.')
}
