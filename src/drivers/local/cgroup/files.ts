import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Facts } from './place.ts'
import { type GroupStep, LEAF } from './plan.ts'

/** The hierarchy, as limits use it. Real here, in memory in tests. */
export interface GroupFiles {
  /** Throws what the file system throws, but for optional steps; a group that is there or gone already is fine. */
  perform(step: GroupStep): void
  /** null when it is not there. */
  read(path: string): string | null
  /** Names of the groups in a group. */
  groups(path: string): readonly string[]
}

export const systemGroups: GroupFiles = {
  perform(step) {
    if (step.kind === 'make') return make(step.path)
    if (step.kind === 'remove') return remove(step.path)
    try {
      writeFileSync(step.path, step.text, { flag: 'r+' })
    } catch (error) {
      if (!step.optional) throw error
    }
  },
  read: readOrNull,
  groups(path) {
    try {
      return readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    } catch {
      return []
    }
  },
}

function make(path: string): void {
  // Not recursive: below a group that is gone nothing is to be made.
  if (!existsSync(path)) mkdirSync(path)
}

function remove(path: string): void {
  try {
    rmdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** What this machine says. */
export function readFacts(): Facts {
  const mounted = mountOf(readOrNull('/proc/self/mountinfo') ?? '')
  const mount = mounted?.point ?? null
  const path = ownGroup(readOrNull('/proc/self/cgroup') ?? '', mounted?.root ?? '/')
  // Once the delegated group was emptied we are in its leaf, and so is every controller after us.
  const own = join(mount ?? '/', path.endsWith(`/${LEAF}`) ? path.slice(0, -LEAF.length - 1) : path)
  return {
    mount,
    mountIsRoot: mount !== null && !existsSync(join(mount, 'cgroup.type')),
    mountWritable: mount !== null && isWritable(join(mount, 'cgroup.subtree_control')),
    mountControllers: controllersOf(mount),
    own,
    ownWritable: isWritable(join(own, 'cgroup.subtree_control')),
    ownControllers: controllersOf(mount === null ? null : own),
  }
}

/** proc(5): the fourth and fifth field, and the type behind the hyphen. */
export function mountOf(mountinfo: string): { readonly root: string; readonly point: string } | null {
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ')
    const fields = before.split(' ')
    if (after.startsWith('cgroup2 ')) return { root: fields[3] ?? '/', point: fields[4] ?? '/' }
  }
  return null
}

/** The path of a process's group below the mount, from /proc/PID/cgroup; the mount itself when it is outside of it. */
export function ownGroup(cgroup: string, mountRoot: string): string {
  const path = /^0::(.*)$/m.exec(cgroup)?.[1] ?? '/'
  if (mountRoot === '/') return path
  return path.startsWith(`${mountRoot}/`) ? path.slice(mountRoot.length) : '/'
}

function controllersOf(group: string | null): readonly string[] {
  return (group === null ? '' : (readOrNull(join(group, 'cgroup.controllers')) ?? '')).trim().split(/\s+/)
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
