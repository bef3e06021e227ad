import type { Buffer } from 'node:buffer'

/** A whole short answer of the gateway itself, prebuilt and shared: never write into it. 405 has Allow, 503 Retry-After. A status without a page gives 500. */
export function errorPage(_status: number, _options: { close: boolean; head: boolean }): Buffer {
  throw new Error('soon')
}
