/** Cgroup v2 controllers that limits need. */
export type Controller = 'cpu' | 'memory'

/** What this machine says of cgroup v2, read once. Paths are absolute. */
export interface Facts {
  /** Where it is mounted; null when it is not. */
  readonly mount: string | null
  /** Only the kernel's own root may have both processes and controlled children. */
  readonly mountIsRoot: boolean
  readonly mountWritable: boolean
  /** Controllers of the mount. */
  readonly mountControllers: readonly string[]
  /** The group that this process is in. */
  readonly own: string
  readonly ownWritable: boolean
  readonly ownControllers: readonly string[]
}

/** Where groups can be made. */
export interface Place {
  /** Its child `tidegate` is ours, and nothing else is. */
  readonly base: string
  /** Processes in `base` must move to a leaf before its children can be controlled. */
  readonly evacuate: boolean
  readonly controllers: readonly Controller[]
}

export type Placed =
  | { readonly ok: true; readonly place: Place; readonly why: string | null }
  | { readonly ok: false; readonly why: string }

const HELP =
  'run Tidegate as root, or in a scope of its own: systemd-run --user --scope -p Delegate=yes tidegate up'

/** Where limits can be kept, and what is missing there. The kernel's root where we may write it, else the group that has been delegated to
 *  us. https://docs.kernel.org/admin-guide/cgroup-v2.html, "Delegation" and "No Internal Process Constraint". Pure. */
export function choosePlace(facts: Facts, needed: readonly Controller[]): Placed {
  const { mount, own } = facts
  if (mount === null) return { ok: false, why: 'cgroup v2 is not mounted' }
  const have = (all: readonly string[]) => needed.filter((one) => all.includes(one))
  const missing = (have: readonly Controller[]) =>
    have.length === needed.length
      ? null
      : `cgroup v2 has no controller ${needed.filter((one) => !have.includes(one)).join(', ')} at ${mount} (cgroup v1 may have it)`
  const atRoot = facts.mountIsRoot && facts.mountWritable ? have(facts.mountControllers) : []
  if (atRoot.length > 0)
    return { ok: true, place: { base: mount, evacuate: false, controllers: atRoot }, why: missing(atRoot) }
  const atOwn = facts.ownWritable && !(facts.mountIsRoot && own === mount) ? have(facts.ownControllers) : []
  if (atOwn.length > 0)
    return { ok: true, place: { base: own, evacuate: true, controllers: atOwn }, why: missing(atOwn) }
  const anywhere = have([...facts.mountControllers, ...facts.ownControllers])
  if (anywhere.length === 0) return { ok: false, why: missing([]) ?? '' }
  return { ok: false, why: `${own} cannot be written; ${HELP}` }
}
