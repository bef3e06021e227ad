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
  readonly #prefix: string
  readonly #place: Place | null

  constructor(limits: Limits, about: GroupsAbout, files = systemGroups, facts: () => Facts = readFacts) {
    this.#files = files
    this.#prefix = `${about.installation}.${about.fleet}.`
    const needed = controllersFor(limits)
    this.#place = needed.length === 0 ? placeOfOld(facts()) : this.#open(needed, facts(), about)
  }

  /** Makes the group of a server that is about to start. Gives the words that go before its command; throws what the file system throws. */
  enter(id: string, limits: Limits): readonly string[] {
    const needed = controllersFor(limits)
    if (this.#place === null || needed.length === 0) return []
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

  #open(needed: readonly Controller[], facts: Facts, { fleet, log }: GroupsAbout): Place | null {
    const placed = choosePlace(facts, needed)
    const what = needed.map((one) => (one === 'cpu' ? 'cpus' : 'memory')).join(' and ')
    const warn = (why: string) =>
      log.warn(`The limits of ${what} of local servers cannot all be kept here: ${why}.`, { fleet })
    if (!placed.ok) {
      warn(placed.why)
      return null
    }
    try {
      this.#prepare(placed.place)
    } catch (error) {
      warn(`${placed.place.base}: ${messageOf(error)}`)
      return null
    }
    if (placed.why !== null) warn(placed.why)
    return placed.place
  }

  /** A delegated group is emptied first, if it must be: the kernel refuses to control children of a group that has processes. */
  #prepare(place: Place): void {
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

/** Servers of an earlier configuration may have groups although those of this one need none. */
function placeOfOld(facts: Facts): Place | null {
  const placed = choosePlace(facts, ['cpu', 'memory'])
  return placed.ok ? placed.place : null
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
