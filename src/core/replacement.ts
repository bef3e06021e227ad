/** Servers giving way to new ones, and how far that has come. */
export interface Replacement {
  /** paused: an operator has paused the fleet. stopped: too many new servers failed; the old ones go on. */
  readonly state: 'replacing' | 'paused' | 'stopped'
  /** Revision and newest order `replace`: what a failure counts against. Another goal forgets the failures. */
  readonly goal: string
  /** Why the servers that are to leave have to. */
  readonly old: {
    readonly revision: number
    readonly ordered: number
    readonly unhealthy: number
    /** The vendor is about to take them away. */
    readonly notice: number
  }
  /** So many serve that need not leave. */
  readonly fresh: number
  /** So many are wanted. */
  readonly of: number
  /** Servers of the goal that failed, by id, and its launches that were refused, by token. */
  readonly failed: readonly string[]
}

/** One sentence for people. Pure. */
export function replacementText(fleet: string, { state, old, fresh, of, failed }: Replacement): string {
  if (state === 'stopped') {
    const servers = failed.length === 1 ? '1 server' : `${failed.length} servers`
    const which = old.revision > 0 ? 'of the new revision' : 'that came in the place of others'
    const retry = `a new revision or \`tidegate replace ${fleet}\` tries again`
    return `replacement stopped: ${servers} ${which} failed; the old ones go on; ${retry}`
  }
  const what = state === 'paused' ? 'replacement paused' : 'replacing'
  if (old.revision > 0) return `${what}: ${fresh} of ${of} are of the new revision`
  if (old.ordered > 0) return `${what}: ${fresh} of ${of} were launched since the order`
  if (old.notice > 0)
    return `${what}: ${old.notice === 1 ? '1 server is' : `${old.notice} servers are`} about to be taken away`
  const many = old.unhealthy === 1 ? '1 server stays' : `${old.unhealthy} servers stay`
  return old.unhealthy > 0 ? `${what}: ${many} unhealthy` : `${what}: ${fresh} of ${of}`
}
