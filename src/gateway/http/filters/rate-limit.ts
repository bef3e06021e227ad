import { hashBytes, hashText, mix } from '../../../balancing/hash.ts'
import type { CountedBy, RateLimitSpec } from '../../../core/traffic.ts'
import { fieldText } from '../../http1/field-text.ts'
import type { RateTable, RateVerdict } from '../../rate-table.ts'
import { cookieText } from '../routing/field-values.ts'
import type { Filter, Transaction } from './filter.ts'

const BODY = Buffer.from(
  '<!doctype html><title>429 Too Many Requests</title><h1>429 Too Many Requests</h1>\n',
)

/** Refuses what comes faster than the rule allows, and tells how much is left (draft-ietf-httpapi-ratelimit-headers-10). */
export class RateLimit implements Filter {
  readonly #table: RateTable
  readonly #limit: { readonly intervalMs: number; readonly burst: number }
  readonly #key: CountedBy
  readonly #salt: number
  readonly #policy: string
  /** Reused from request to request. */
  readonly #keyed = { high: 0, low: 0 }

  /** `name` tells rules apart: the same in every worker. */
  constructor(spec: RateLimitSpec, name: string, table: RateTable) {
    const { requests, perMs, burst, key } = spec
    this.#table = table
    this.#limit = { intervalMs: perMs / requests, burst }
    this.#key = key
    this.#salt = hashText(name)
    this.#policy = `RateLimit-Policy: "rule";q=${requests};w=${Math.max(1, Math.round(perMs / 1000))}\r\n`
  }

  request(transaction: Transaction): 'next' | 'taken' {
    const key = this.#keyed
    const what = this.#hash(transaction)
    key.high = mix(what ^ this.#salt)
    key.low = mix(what + Math.imul(this.#salt, 0x9e3779b1))
    const verdict = this.#table.take(key, this.#limit, performance.timeOrigin + performance.now())
    const lines = this.#policy + linesOf(verdict)
    if (verdict.allowed) {
      transaction.tell(lines)
      return 'next'
    }
    const retry = `Retry-After: ${seconds(verdict.retryMs)}\r\n`
    const about = `Content-Type: text/html\r\nCache-Control: no-store\r\n`
    transaction.answer({ status: 429, lines: about + retry + lines, body: BODY }, 'rate-limit')
    return 'taken'
  }

  /** Requests without the header or the cookie are counted by their client: all of them together would be one. */
  #hash({ head, bytes, clientAddress }: Transaction): number {
    const key = this.#key
    switch (key.by) {
      case 'source':
        return hashText(clientAddress)
      case 'path':
        return hashBytes(bytes!, head.targetStart, head.pathEnd)
      case 'rule':
        return 0
      case 'header':
        return hashText(fieldText(bytes!, head.lines, key.name) ?? clientAddress)
      case 'cookie':
        return hashText(cookieText(head, bytes!, key.name) ?? clientAddress)
      default:
        return key satisfies never
    }
  }
}

function linesOf({ remaining, resetMs }: RateVerdict): string {
  return `RateLimit: "rule";r=${remaining};t=${seconds(resetMs)}\r\n`
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000))
}
