import { createHmac } from 'node:crypto'
import type { AffinitySpec } from '../../core/affinity.ts'
import type { RequestHead } from '../http1/request-head.ts'
import { cookieText } from './routing/field-values.ts'

/** Of the HMAC, so much is enough that nobody guesses it. */
const TOKEN_BYTES = 16

/**
 * Sessions stay with their server by a cookie: its value is HMAC-SHA256 of the pool's and the server's name, so that it can be neither made
 * up nor read, needs no table, and means the same after every reload and in every gateway that has the key.
 */
export class Affinity {
  readonly #spec: AffinitySpec & { readonly key: string }
  readonly #pool: string
  readonly #tokens = new Map<string, string>()
  #members = new Map<string, number>()

  constructor(pool: string, spec: AffinitySpec & { readonly key: string }) {
    this.#pool = pool
    this.#spec = spec
  }

  isFor(spec: AffinitySpec & { readonly key: string }): boolean {
    const { cookie, lifetimeMs, key } = this.#spec
    return cookie === spec.cookie && lifetimeMs === spec.lifetimeMs && key === spec.key
  }

  /** Whose sessions there are now, in their order. */
  update(ids: readonly string[]): void {
    const kept = new Set(ids)
    for (const id of this.#tokens.keys()) if (!kept.has(id)) this.#tokens.delete(id)
    this.#members = new Map(ids.map((id, at) => [this.#tokenOf(id), at]))
  }

  /** The member that the request's session is with; -1 = it has none, or with somebody who is gone. */
  find(head: RequestHead, bytes: Buffer): number {
    const token = cookieText(head, bytes, this.#spec.cookie)
    return token === null ? -1 : (this.#members.get(token) ?? -1)
  }

  /** The line that begins a session with a member. */
  line(id: string, scheme: 'http' | 'https'): string {
    const { cookie, lifetimeMs } = this.#spec
    const secure = scheme === 'https' ? '; Secure' : ''
    const age = Math.round(lifetimeMs / 1000)
    return `Set-Cookie: ${cookie}=${this.#tokenOf(id)}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}\r\n`
  }

  #tokenOf(id: string): string {
    let token = this.#tokens.get(id)
    if (token === undefined) {
      const mac = createHmac('sha256', this.#spec.key).update(`${this.#pool}\n${id}`).digest()
      token = mac.subarray(0, TOKEN_BYTES).toString('base64url')
      this.#tokens.set(id, token)
    }
    return token
  }
}
