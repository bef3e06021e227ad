import { hashBytes, hashText } from '../../../balancing/hash.ts'
import type { Algorithm, HashSpec } from '../../../core/algorithm.ts'
import { fieldText } from '../../http1/field-text.ts'
import type { RequestHead } from '../../http1/request-head.ts'
import { cookieText } from './field-values.ts'

/** Of a request, what keys are made of. */
export interface Keyed {
  readonly head: RequestHead
  readonly bytes: Buffer | null
  readonly clientAddress: string
}

/**
 * What an algorithm that hashes goes by; 0 for the others. Requests without the header or the cookie go by their client's address: one
 * key for all of them would be one server.
 */
export function keyOf(algorithm: Algorithm, hash: HashSpec | null, request: Keyed): number {
  switch (algorithm) {
    case 'source-hash':
      return hashText(request.clientAddress)
    case 'uri-hash':
      return hashBytes(request.bytes!, request.head.targetStart, request.head.pathEnd)
    case 'header-hash':
      return textKey(fieldText(request.bytes!, request.head.lines, hash?.header ?? ''), request)
    case 'cookie-hash':
      return textKey(cookieText(request.head, request.bytes!, hash?.cookie ?? ''), request)
    default:
      return 0
  }
}

function textKey(text: string | null, request: Keyed): number {
  return hashText(text ?? request.clientAddress)
}
