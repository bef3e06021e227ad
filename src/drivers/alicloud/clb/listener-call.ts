import type { Parameters } from '../client/parameters.ts'

/** Where a listener stands. */
export interface At {
  readonly port: number
  readonly protocol: string
}

/** One call that brings it nearer to what is wanted. */
export interface ListenerCall {
  readonly action: string
  readonly query: Parameters
}
