import { readdirSync, readFileSync } from 'node:fs'

/** What the processes of one group use. */
export interface GroupUse {
  /** Since they started, with what their ended children used. */
  readonly cpuSeconds: number
  readonly memoryBytes: number
}

/** Units of /proc on every architecture that Node runs on: USER_HZ, and pages. */
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

/** What each process group of this machine uses, by its id; nothing where there is no /proc. */
export function readGroups(): ReadonlyMap<number, GroupUse> {
  const groups = new Map<number, GroupUse>()
  for (const pid of entriesOf('/proc')) {
    const stat = /^\d+$/.test(pid) ? textOf(`/proc/${pid}/stat`) : null
    if (stat === null) continue
    // proc(5): the second field is the name in brackets and may itself hold brackets and spaces.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [group = 0, pages = 0] = [fields[2], fields[21]]
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + fields[at]!, 0)
    const { cpuSeconds = 0, memoryBytes = 0 } = groups.get(group) ?? {}
    groups.set(group, {
      cpuSeconds: cpuSeconds + ticks / TICKS_PER_SECOND,
      memoryBytes: memoryBytes + pages * PAGE_BYTES,
    })
  }
  return groups
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A process can end between any two reads, so a file that is not there is an answer. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
