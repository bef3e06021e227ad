import type { Parameters } from '../client/parameters.ts'

/** One call that brings it nearer to what is wanted. */
export interface ListenerCall {
  readonly action: string
  readonly query: Parameters
}
