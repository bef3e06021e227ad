/** The certificates that Tidegate has uploaded for one balancer. */
export interface Certificates<Shown> {
  /** What each listener is to show, by its name. */
  readonly by: ReadonlyMap<string, Shown>
  /** The ids of all that this installation has uploaded, for other balancers too. */
  readonly uploaded: ReadonlySet<string>
}

export const NONE: Certificates<never> = { by: new Map<string, never>(), uploaded: new Set() }
