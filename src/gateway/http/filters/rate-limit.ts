import { hashText } from '../../../balancing/hash.ts'
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
    this.#hash(transaction)
    const nowMs = performance.timeOrigin + performance.now()
    const verdict = this.#table.take(this.#table.hash, this.#limit, nowMs)
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
  #hash({ head, bytes, clientAddress }: Transaction): void {
    const { hash } = this.#table
    const [salt, key] = [this.#salt, this.#key]
    switch (key.by) {
      case 'source':
        hash.ofText(salt, clientAddress)
        break
      case 'path':
        hash.ofBytes(salt, bytes!, head.targetStart, head.pathEnd)
        break
      case 'rule':
        hash.ofText(salt, '')
        break
      case 'header':
        hash.ofText(salt, fieldText(bytes!, head.lines, key.name) ?? clientAddress)
        break
      case 'cookie':
        hash.ofText(salt, cookieText(head, bytes!, key.name) ?? clientAddress)
        break
      default:
        key satisfies never
    }
  }
}

function linesOf({ remaining, resetMs }: RateVerdict): string {
  return `RateLimit: "rule";r=${remaining};t=${seconds(resetMs)}\r\n`
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000))
}
