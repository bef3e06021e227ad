import type { Place } from './place.ts'

/** What one server may use; null = all that there is. */
export interface Limits {
  readonly cpus: number | null
  readonly memoryBytes: number | null
}

/** One thing to do to the hierarchy. `optional`: an old kernel may not know that file. */
export type GroupStep =
  | { readonly kind: 'make'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly text: string; readonly optional?: true }
  | { readonly kind: 'remove'; readonly path: string }

export const OWNED = 'tidegate'
/** Where what had been in a delegated group goes, so that the group may have controlled children. */
export const LEAF = 'tidegate-rest'
const PERIOD_MICROS = 100_000
/** Less than the kernel takes. */
const MIN_QUOTA_MICROS = 1_000

/** The subtree that is Tidegate's own. The same again changes nothing. Pure. */
export function planSubtree({ base, controllers }: Place): readonly GroupStep[] {
  const text = controllers.map((one) => `+${one}`).join(' ')
  const owned = `${base}/${OWNED}`
  return [
    { kind: 'write', path: `${base}/cgroup.subtree_control`, text },
    { kind: 'make', path: owned },
    { kind: 'write', path: `${owned}/cgroup.subtree_control`, text },
  ]
}

/** Makes room in a delegated group: every process that is in it goes to a leaf beside ours. Pure. */
export function planEvacuation({ base }: Place, pids: readonly number[]): readonly GroupStep[] {
  const leaf = `${base}/${LEAF}`
  return [
    { kind: 'make', path: leaf },
    ...pids.map((pid): GroupStep => ({ kind: 'write', path: `${leaf}/cgroup.procs`, text: String(pid) })),
  ]
}

/** One server's group with its limits. Out of memory ends the server whole: half a server answers wrongly. No swap: a server that
 *  swaps is slow instead of dead, and nobody notices. Pure. */
export function planGroup(place: Place, name: string, { cpus, memoryBytes }: Limits): readonly GroupStep[] {
  const path = groupPath(place, name)
  const steps: GroupStep[] = [{ kind: 'make', path }]
  if (cpus !== null && place.controllers.includes('cpu')) {
    const quota = Math.max(MIN_QUOTA_MICROS, Math.round(cpus * PERIOD_MICROS))
    steps.push({ kind: 'write', path: `${path}/cpu.max`, text: `${quota} ${PERIOD_MICROS}` })
  }
  if (memoryBytes !== null && place.controllers.includes('memory')) {
    steps.push(
      { kind: 'write', path: `${path}/memory.max`, text: String(memoryBytes) },
      { kind: 'write', path: `${path}/memory.swap.max`, text: '0', optional: true },
      { kind: 'write', path: `${path}/memory.oom.group`, text: '1', optional: true },
    )
  }
  return steps
}

/** Kills what is left in a group (where the kernel can: 5.14) and removes it. Pure. */
export function planRemoval(path: string): readonly GroupStep[] {
  return [
    { kind: 'write', path: `${path}/cgroup.kill`, text: '1', optional: true },
    { kind: 'remove', path },
  ]
}

/** Groups of this fleet whose server is gone. Pure. */
export function leftovers(
  groups: readonly string[],
  prefix: string,
  known: ReadonlySet<string>,
): readonly string[] {
  return groups.filter((name) => name.startsWith(prefix) && !known.has(name))
}

export function groupPath({ base }: Place, name: string): string {
  return `${base}/${OWNED}/${name}`
}
