import { afterEach, beforeEach, expect, test } from 'vitest'
import { aPoolSpec } from '../../../../test/contract/balancer.ts'
import { AGroup } from '../../../../test/kit/a-group.ts'
import type { PoolSpec } from '../../../core/balancer.ts'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'
import { GroupKeeper } from './group-keeper.ts'

const never = new AbortController().signal
const log = { info() {}, warn() {}, error() {} }
const server = (nth: number, weight = 100) => ({ id: `s${nth}`, address: `10.0.0.${nth}:80`, weight })

let clock: VirtualClock
let group: AGroup
let keeper: GroupKeeper
beforeEach(() => {
  clock = new VirtualClock(0)
  group = new AGroup('g', clock)
  keeper = keeperFor(aPoolSpec('api'))
})
afterEach(() => keeper.close())

function keeperFor(pool: PoolSpec): GroupKeeper {
  const probe = async () => ({ ok: true, ms: 1, detail: '' })
  return new GroupKeeper(group, pool, probe, { clock, log, installation: 'demo' })
}

const shown = async () => (await keeper.members(never)).map(({ id }) => id)

test('a server that cannot be found keeps no other of its put from joining, and is told', async () => {
  group.failing.set('s2', 'no')
  await expect(keeper.put([server(1), server(2), server(3)], never)).rejects.toThrow('no s2')
  expect(group.servers).toEqual(['10.0.0.1', '10.0.0.3'])
})

test('a server of the file that cannot be found keeps no other of the file out', async () => {
  group.failing.set('s1', 'no')
  const pool = aPoolSpec('api', [server(1), server(2)])
  await expect(keeper.hold(pool, never)).rejects.toThrow('no s1')
  expect(group.servers).toEqual(['10.0.0.2'])
})

test('a member of others keeps no other of its put from joining', async () => {
  await keeper.put([server(1)], never)
  group.backends = group.backends.map((one) => ({ ...one, mark: 'by hand' }))
  const foreign = {
    code: 'balancer.foreign-member',
    message: expect.stringContaining('10.0.0.1:80 of g is a member'),
  }
  await expect(keeper.put([server(1), server(2)], never)).rejects.toMatchObject(foreign)
  expect(group.servers).toEqual(['10.0.0.1', '10.0.0.2'])
})

test('a weight that is refused keeps nobody from leaving, and is told', async () => {
  await keeper.put([server(1), server(2)], never)
  group.failing.set('weigh', 'no')
  await expect(keeper.put([server(1, 0)], never)).rejects.toThrow('no weigh')
  await expect(keeper.drop(['s2'], never)).rejects.toThrow('no weigh')
  expect(group.servers).toEqual(['10.0.0.1'])
})

test('what is read while a change is made does not hide it', async () => {
  await keeper.put([server(1)], never)
  await clock.advance(60_000)
  group.readMs = 1_000
  const before = keeper.members(never)
  group.readMs = 0
  await keeper.put([server(2)], never)
  expect(await shown()).toEqual(['s1', 's2'])
  await clock.advance(1_000)
  await before
  expect(await shown()).toEqual(['s1', 's2'])
})

test('one that has left and comes back is in its state anew', async () => {
  await keeper.put([server(1)], never)
  await keeper.members(never)
  await keeper.drop(['s1'], never)
  expect(await shown()).toEqual([])
  await clock.advance(60_000)
  await keeper.put([server(1)], never)
  expect(await keeper.members(never)).toMatchObject([{ id: 's1', sinceAt: 60_000 }])
})

test('who has gone before asking hears of that alone, whatever comes of the read', async () => {
  group.failing.set('read', 'no')
  await expect(keeper.members(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  await clock.advance(0)
})

test('a server that serves a group for one pool keeps its weight when another pool brings it along', async () => {
  group.startsSlowly = false
  await keeper.put([server(1)], never)
  await clock.advance(60_000)
  const other = keeperFor({ ...aPoolSpec('web'), slowStartMs: 30_000 })
  await other.standBeside(keeper, never)
  await other.put([server(1)], never)
  await keeper.empty(never)
  expect(group.backends).toMatchObject([{ server: '10.0.0.1', weight: 100 }])
  await other.close()
})
