/** Which server gets the next request. */
export const ALGORITHMS = [
  'least-connections',
  'round-robin',
  'random-two',
  'least-time',
  'source-hash',
  'uri-hash',
  'header-hash',
  'cookie-hash',
  'first',
] as const
export type Algorithm = (typeof ALGORITHMS)[number]

/** What the `-hash` algorithms of a pool need to know beside what their names say. */
export interface HashSpec {
  /** Of `header-hash`: lower case. */
  readonly header?: string
  /** Of `cookie-hash`. */
  readonly cookie?: string
  /** No server has more than this share of the pool's mean load, 1.25 say; its further requests go to others. Absent = no bound. */
  readonly bound?: number
}

/** How a rule chooses servers. Each has a place of its own in every pool: what other rules do there does not move it. */
export interface SpreadSpec {
  readonly algorithm: Algorithm
  /** null = as the pool says. */
  readonly hash: HashSpec | null
}
