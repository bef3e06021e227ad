import type { Millis } from '../../../core/time.ts'
import { endpointOf, type Product, VERSIONS } from './endpoints.ts'
import { flatten, type Parameters } from './parameters.ts'
import { encodeForm, type Signer, sign } from './signature.ts'
import type { HttpRequest } from './transport.ts'

export interface Operation {
  readonly product: Product
  readonly action: string
  readonly query: Parameters
  /** Parameters that the operation takes in the body: most of NLB's, and the servers of ALB's. */
  readonly form?: Parameters
}

export interface Where {
  readonly region: string
  /** Instead of every product's own, with its scheme. */
  readonly endpoint: string | null
}

/** One attempt: each has a date and a nonce of its own, for the cloud refuses a nonce that it has seen. */
export interface Attempt {
  readonly date: Millis
  readonly nonce: string
}

/** An operation as it is sent. Without a signer it is one of those that anybody may call. */
export function rpcRequest(
  { product, action, query, form }: Operation,
  where: Where,
  signer: Signer | null,
  attempt: Attempt,
): { readonly request: HttpRequest; readonly stringToSign: string | null } {
  const endpoint = endpointOf(product, where.region, where.endpoint)
  const parameters = flatten(signer === null ? { ...query, Format: 'json' } : query)
  const body = form === undefined ? '' : encodeForm(flatten(form))
  const headers = {
    host: new URL(endpoint).host,
    accept: 'application/json',
    'x-acs-action': action,
    'x-acs-version': VERSIONS[product],
    ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  }
  const unsigned = { method: 'POST', path: '/', query: parameters, headers, body } as const
  const signed = signer === null ? null : sign(unsigned, signer, attempt)
  return {
    request: {
      method: 'POST',
      url: `${endpoint}/?${encodeForm(parameters)}`,
      headers: signed?.headers ?? headers,
      body,
    },
    stringToSign: signed?.stringToSign ?? null,
  }
}
