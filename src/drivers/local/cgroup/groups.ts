import { messageOf } from '../../../core/fault.ts'
import type { Logger } from '../../../core/time.ts'
import { type GroupFiles, readFacts, systemGroups } from './files.ts'
import { type Controller, choosePlace, type Facts, type Place } from './place.ts'
import {
  type GroupStep,
  groupPath,
  type Limits,
  leftovers,
  OWNED,
  planEvacuation,
  planGroup,
  planRemoval,
  planSubtree,
} from './plan.ts'

/** Forks go on while a group is emptied. */
const EVACUATIONS = 5
/** A shell that goes into the group itself and becomes the program: nothing of the server ever runs outside of its limits. */
const ENTER = 'echo $$ >"$0/cgroup.procs" || exit 125; exec "$@"'

export interface GroupsAbout {
  readonly installation: string
  readonly fleet: string
  readonly log: Logger
}

/** The cgroups of one fleet's servers. Where the hierarchy cannot be written it says so once, and servers run without limits. */
export class Groups {
  readonly #files: GroupFiles
  readonly #about: GroupsAbout
  readonly #prefix: string
  /** Why not all that is needed can be kept; told with the first launch, for whoever only stops servers has no use for it. */
  readonly #why: string | null
  #place: Place | null
  #isReady = false

  /** Changes nothing yet: that is for a launch. */
  constructor(limits: Limits, about: GroupsAbout, files = systemGroups, facts: () => Facts = readFacts) {
    this.#files = files
    this.#about = about
    this.#prefix = `${about.installation}.${about.fleet}.`
    const needed = controllersFor(limits)
    // Servers of an earlier configuration may have groups although those of this one need none.
    const placed = choosePlace(facts(), needed.length === 0 ? ['cpu', 'memory'] : needed)
    this.#place = placed.ok ? placed.place : null
    this.#why = placed.why
  }

  /** Makes the group of a server that is about to start. Gives the words that go before its command; throws what the file system throws. */
  enter(id: string, limits: Limits): readonly string[] {
    if (controllersFor(limits).length === 0) return []
    if (!this.#isReady) this.#prepare()
    if (this.#place === null) return []
    const name = this.#prefix + id
    // Whoever was the last to go may have taken the subtree along.
    this.#perform(planSubtree(this.#place))
    this.#perform(planGroup(this.#place, name, limits))
    return ['/bin/sh', '-c', ENTER, groupPath(this.#place, name)]
  }

  /** Resident memory that is charged to a server: anonymous and mapped pages, of all its processes. null without a group. */
  residentBytes(id: string): number | null {
    const text = this.#read(id, 'memory.stat')
    if (text === null || !this.#place?.controllers.includes('memory')) return null
    return (valueIn(text, 'anon') ?? 0) + (valueIn(text, 'file_mapped') ?? 0)
  }

  /** How many of a server's processes the kernel has killed for want of memory. */
  oomKills(id: string): number {
    return valueIn(this.#read(id, 'memory.events') ?? '', 'oom_kill') ?? 0
  }

  /** Removes the groups of servers that are gone. One that is not empty yet is for the next time. */
  sweep(known: readonly string[]): void {
    if (this.#place === null) return
    const owned = `${this.#place.base}/${OWNED}`
    const names = new Set(known.map((id) => this.#prefix + id))
    const gone = leftovers(this.#files.groups(owned), this.#prefix, names)
    for (const name of gone) this.#attempt(planRemoval(`${owned}/${name}`))
    if (gone.length > 0 && this.#files.groups(owned).length === 0)
      this.#attempt([{ kind: 'remove', path: owned }])
  }

  #prepare(): void {
    this.#isReady = true
    try {
      if (this.#place) this.#makeRoom(this.#place)
      if (this.#why !== null) this.#warn(this.#why)
    } catch (error) {
      this.#warn(`${this.#place?.base}: ${messageOf(error)}`)
      this.#place = null
    }
  }

  #warn(why: string): void {
    const { fleet, log } = this.#about
    log.warn(`The limits (cpus, memory) of local servers cannot all be kept here: ${why}.`, { fleet })
  }

  /** A delegated group is emptied first, if it must be: the kernel refuses to control children of a group that has processes. */
  #makeRoom(place: Place): void {
    for (let round = 0; round < EVACUATIONS && place.evacuate; round++) {
      try {
        this.#perform(planSubtree(place))
        return
      } catch {
        const pids = (this.#files.read(`${place.base}/cgroup.procs`) ?? '').split('\n').filter(Boolean)
        this.#perform(planEvacuation(place, pids.map(Number)))
      }
    }
    this.#perform(planSubtree(place))
  }

  #read(id: string, file: string): string | null {
    return this.#place && this.#files.read(`${groupPath(this.#place, this.#prefix + id)}/${file}`)
  }

  #perform(steps: readonly GroupStep[]): void {
    for (const step of steps) this.#files.perform(step)
  }

  #attempt(steps: readonly GroupStep[]): void {
    try {
      this.#perform(steps)
    } catch {
      // Something is in it still.
    }
  }
}

function controllersFor({ cpus, memoryBytes }: Limits): readonly Controller[] {
  return [
    ...(cpus === null ? [] : (['cpu'] as const)),
    ...(memoryBytes === null ? [] : (['memory'] as const)),
  ]
}

/** A number in a flat keyed file. */
function valueIn(text: string, key: string): number | null {
  const match = new RegExp(`^${key} (\\d+)$`, 'm').exec(text)
  return match ? Number(match[1]) : null
}
