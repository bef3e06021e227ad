/** The members of one pool as a picker sees them, by index. Read anew at every pick; nothing is copied. */
export interface Field {
  readonly size: number
  /** Changes with every change of members or weights that lasts. */
  readonly generation: number
  /** Requests in flight on all members together. */
  readonly totalInFlight: number
  /** The effective weight, 0 to 1000; 0 = must not be picked. */
  weight(i: number): number
  /** The same, of as long as a generation lasts: what holds for the moment does not count. */
  steadyWeight(i: number): number
  inFlight(i: number): number
  /** How long an answer is likely to take, in ms; 0 = nobody knows. */
  latency(i: number): number
  /** A hash of the member's identity: the same in every worker and after every change. 32 bits, unsigned. */
  identity(i: number): number
}

/** Chooses one member a request. Allocates nothing. Belongs to one pool of one worker. */
export interface Picker {
  /** An index below `field.size`, never of weight 0 and never in `tried`; -1 = there is none. `key`: what hashing pickers hash, 32 bits. */
  pick(field: Field, tried: ReadonlySet<number> | null, key: number): number
}

export function eligible(field: Field, tried: ReadonlySet<number> | null, i: number): boolean {
  return field.weight(i) > 0 && (tried === null || !tried.has(i))
}

/** Lower is better. The `+ 1` makes weights count on idle members too. */
export function score(field: Field, i: number): number {
  return (field.inFlight(i) + 1) / field.weight(i)
}
