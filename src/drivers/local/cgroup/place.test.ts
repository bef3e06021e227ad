import { describe, expect, test } from 'vitest'
import { mountOf, ownGroup } from './files.ts'
import { choosePlace, type Facts } from './place.ts'

const ALL = ['cpuset', 'cpu', 'io', 'memory', 'pids']
const SCOPE = '/sys/fs/cgroup/user.slice/tidegate.scope'

/** A machine with systemd, as root. */
const facts = (more: Partial<Facts> = {}): Facts => ({
  mount: '/sys/fs/cgroup',
  mountIsRoot: true,
  mountWritable: true,
  mountControllers: ALL,
  own: SCOPE,
  ownWritable: true,
  ownControllers: ALL,
  ...more,
})

describe('the place of groups', () => {
  test("is the kernel's root for whoever may write it", () => {
    expect(choosePlace(facts(), ['cpu', 'memory'])).toEqual({
      ok: true,
      place: { base: '/sys/fs/cgroup', evacuate: false, controllers: ['cpu', 'memory'] },
      why: null,
    })
  })

  test('is the delegated group for others, which must be emptied first', () => {
    expect(choosePlace(facts({ mountWritable: false }), ['memory'])).toEqual({
      ok: true,
      place: { base: SCOPE, evacuate: true, controllers: ['memory'] },
      why: null,
    })
  })

  test('in a container is the root of its own, which the kernel treats as any other group', () => {
    const container = facts({ mountIsRoot: false, own: '/sys/fs/cgroup' })
    expect(choosePlace(container, ['cpu'])).toMatchObject({
      place: { base: '/sys/fs/cgroup', evacuate: true },
    })
  })

  test('may have some controllers only, and says which are missing', () => {
    const user = facts({ mountWritable: false, ownControllers: ['memory', 'pids'] })
    expect(choosePlace(user, ['cpu', 'memory'])).toEqual({
      ok: true,
      place: { base: SCOPE, evacuate: true, controllers: ['memory'] },
      why: 'cgroup v2 has no controller cpu at /sys/fs/cgroup (cgroup v1 may have it)',
    })
  })

  test('is nowhere without cgroup v2, without its controllers, or without the right to write', () => {
    const why = (more: Partial<Facts>) => {
      const placed = choosePlace(facts(more), ['cpu', 'memory'])
      return placed.ok ? null : placed.why
    }
    expect(why({ mount: null })).toBe('cgroup v2 is not mounted')
    expect(why({ mountControllers: ['hugetlb'], ownControllers: [] })).toContain('no controller cpu, memory')
    expect(why({ mountWritable: false, ownWritable: false })).toMatch(
      /cannot be written; run Tidegate as root/,
    )
  })
})

test('the mount and the own group are read from /proc', () => {
  const lines = [
    '24 1 0:22 / /sys/fs/cgroup/cpu rw shared:9 - cgroup cgroup rw,cpu',
    '25 1 0:23 /docker/abc /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw,nsdelegate',
  ]
  expect(mountOf(lines.join('\n'))).toEqual({ root: '/docker/abc', point: '/sys/fs/cgroup/unified' })
  expect(mountOf(lines[0]!)).toBeNull()
  expect(ownGroup('4:memory:/x\n0::/user.slice/a.scope\n', '/')).toBe('/user.slice/a.scope')
  expect(ownGroup('0::/docker/abc/leaf\n', '/docker/abc')).toBe('/leaf')
  expect(ownGroup('0::/elsewhere\n', '/docker/abc')).toBe('/')
})
