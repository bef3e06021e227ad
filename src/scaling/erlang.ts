/** One server: `slots` requests at once, all of them together `capacity` requests a second; what does not fit waits in its queue. */
export interface ServerShape {
  readonly slots: number
  readonly capacity: number
}

/** The share of requests that have to wait at all in M/M/c, where the server is used to `rho` (below 1): Erlang's C formula by way of B's
 *  recursion, which neither overflows nor loses digits. */
export function erlangC(slots: number, rho: number): number {
  const offered = slots * rho
  let blocked = 1
  for (let used = 1; used <= slots; used++) blocked = (offered * blocked) / (used + offered * blocked)
  return blocked / (1 - rho * (1 - blocked))
}

/** The share that waits longer than `seconds` in the steady state. */
export function waitTail({ slots, capacity }: ServerShape, rho: number, seconds: number): number {
  return erlangC(slots, rho) * Math.exp(-(1 - rho) * capacity * seconds)
}

/** Requests in a server in the steady state: those being served and those that wait. */
export function inServer({ slots }: { readonly slots: number }, rho: number): number {
  return slots * rho + (erlangC(slots, rho) * rho) / (1 - rho)
}
