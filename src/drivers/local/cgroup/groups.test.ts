import { beforeEach, describe, expect, test } from 'vitest'
import type { GroupFiles } from './files.ts'
import { Groups } from './groups.ts'
import type { Facts } from './place.ts'
import type { GroupStep, Limits } from './plan.ts'

const ROOT: Facts = {
  mount: '/cg',
  mountIsRoot: true,
  mountWritable: true,
  mountControllers: ['cpu', 'memory'],
  own: '/cg/session',
  ownWritable: true,
  ownControllers: ['cpu', 'memory'],
}
const USER: Facts = { ...ROOT, mountWritable: false }
const NONE: Limits = { cpus: null, memoryBytes: null }
const LIMITS: Limits = { cpus: 1.5, memoryBytes: 64 * 2 ** 20 }

/** A hierarchy in memory: groups, what was written last to each file, and the one law of delegated groups. */
class MemoryGroups implements GroupFiles {
  readonly made = new Set<string>()
  readonly files = new Map<string, string>()
  /** Groups that may not be removed: something is in them. */
  readonly full = new Set<string>()
  inOwn: string[] = []

  perform(step: GroupStep): void {
    if (step.kind === 'make') this.made.add(step.path)
    else if (step.kind === 'remove') this.#remove(step.path)
    else this.#write(step.path, step.text)
  }

  read(path: string): string | null {
    return path === '/cg/session/cgroup.procs' ? this.inOwn.join('\n') : (this.files.get(path) ?? null)
  }

  groups(path: string): readonly string[] {
    return [...this.made]
      .filter((one) => one.startsWith(`${path}/`) && !one.slice(path.length + 1).includes('/'))
      .map((one) => one.slice(path.length + 1))
  }

  #write(path: string, text: string): void {
    if (path === '/cg/session/cgroup.subtree_control' && this.inOwn.length > 0) throw new Error('EBUSY')
    if (path === '/cg/session/tidegate-rest/cgroup.procs')
      this.inOwn = this.inOwn.filter((pid) => pid !== text)
    this.files.set(path, text)
  }

  #remove(path: string): void {
    if (this.full.has(path) || this.groups(path).length > 0) throw new Error('EBUSY')
    this.made.delete(path)
  }
}

describe('groups of local servers', () => {
  let files: MemoryGroups
  let warnings: string[]
  beforeEach(() => {
    files = new MemoryGroups()
    warnings = []
  })

  const open = (limits = LIMITS, facts = ROOT) => {
    const log = { info() {}, warn: (text: string) => void warnings.push(text), error() {} }
    return new Groups(limits, { installation: 'inst', fleet: 'api', log }, files, () => facts)
  }

  test('have their limits before the server goes in', () => {
    const words = open().enter('api-1-0', LIMITS)
    expect(words.slice(0, 2)).toEqual(['/bin/sh', '-c'])
    expect(words[3]).toBe('/cg/tidegate/inst.api.api-1-0')
    expect(Object.fromEntries(files.files)).toEqual({
      '/cg/cgroup.subtree_control': '+cpu +memory',
      '/cg/tidegate/cgroup.subtree_control': '+cpu +memory',
      '/cg/tidegate/inst.api.api-1-0/cpu.max': '150000 100000',
      '/cg/tidegate/inst.api.api-1-0/memory.max': '67108864',
      '/cg/tidegate/inst.api.api-1-0/memory.swap.max': '0',
      '/cg/tidegate/inst.api.api-1-0/memory.oom.group': '1',
    })
    expect(warnings).toEqual([])
  })

  test('are not made for servers without limits', () => {
    expect(open(LIMITS).enter('a', NONE)).toEqual([])
    files = new MemoryGroups()
    expect(open(NONE).enter('a', NONE)).toEqual([])
    expect([files.made.size, files.files.size]).toEqual([0, 0])
  })

  test('of a user stand in the delegated group, once that is empty', () => {
    files.inOwn = ['7', '8']
    const groups = open(LIMITS, USER)
    // Whoever only stops servers, from a shell of their own perhaps, moves nobody.
    groups.sweep([])
    expect(files.inOwn).toEqual(['7', '8'])
    expect(groups.enter('a', LIMITS)[3]).toBe('/cg/session/tidegate/inst.api.a')
    expect(files.inOwn).toEqual([])
    expect(warnings).toEqual([])
  })

  test('that cannot be kept are told once, and servers start without', () => {
    const groups = open(LIMITS, { ...ROOT, mount: null })
    expect(warnings).toEqual([])
    expect(groups.enter('a', LIMITS)).toEqual([])
    expect(groups.enter('b', LIMITS)).toEqual([])
    expect(groups.residentBytes('a')).toBeNull()
    expect(warnings).toEqual([
      'The limits (cpus, memory) of local servers cannot all be kept here: cgroup v2 is not mounted.',
    ])
  })

  test('tell resident memory and kills', () => {
    const groups = open()
    groups.enter('a', LIMITS)
    expect([groups.residentBytes('a'), groups.oomKills('a')]).toEqual([null, 0])
    files.files.set('/cg/tidegate/inst.api.a/memory.stat', 'anon 4096\nfile 9999\nfile_mapped 1024\n')
    files.files.set('/cg/tidegate/inst.api.a/memory.events', 'oom 1\noom_kill 2\noom_group_kill 1\n')
    expect([groups.residentBytes('a'), groups.oomKills('a')]).toEqual([5120, 2])
  })

  test('of servers that are gone are removed, of other fleets not, and the last one takes the subtree along', () => {
    const groups = open()
    for (const id of ['a', 'b']) groups.enter(id, LIMITS)
    files.made.add('/cg/tidegate/inst.web.c')
    files.full.add('/cg/tidegate/inst.api.b')
    groups.sweep(['a'])
    expect(files.groups('/cg/tidegate')).toEqual(['inst.api.a', 'inst.api.b', 'inst.web.c'])
    files.full.clear()
    groups.sweep(['a'])
    expect(files.groups('/cg/tidegate')).toEqual(['inst.api.a', 'inst.web.c'])
    files.made.delete('/cg/tidegate/inst.web.c')
    // By a controller that comes back with a file that has no limits any more.
    open(NONE).sweep([])
    expect([...files.made]).toEqual([])
  })
})
