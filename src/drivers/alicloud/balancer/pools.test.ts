import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aBalancerSpec, aPoolSpec } from '../../../../test/contract/balancer.ts'
import { type ACloudBalancer, openedOn } from '../../../../test/kit/a-cloud-balancer.ts'
import type { Balancer, BalancerSpec, MemberSpec } from '../../../core/balancer.ts'
import { Fault, type FaultRetry } from '../../../core/fault.ts'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'

const never = new AbortController().signal
const server = (nth: number, weight = 100): MemberSpec => ({
  id: `s${nth}`,
  address: `10.0.0.${nth}:80`,
  weight,
})
/** Pools by the groups that they are to have. */
const specOf = (groups: Readonly<Record<string, string>>): BalancerSpec =>
  aBalancerSpec(Object.entries(groups).map(([name, part]) => ({ ...aPoolSpec(name), part })))
const fails = (retry: FaultRetry) => async () => {
  throw new Fault('balancer.unreachable', 'not now', { source: 'vendor', retry })
}

let cloud: ACloudBalancer
let balancer: Balancer
let warnings: string[]
let close: () => Promise<void>
beforeEach(async () => {
  ;({ cloud, balancer, warnings, close } = openedOn(new VirtualClock(0)))
  await balancer.configure(specOf({ api: 'g1' }), never)
  await balancer.put('api', [server(1)], never)
})
afterEach(() => close())

const servers = (group: string) => cloud.of(group).servers

test('a pool that moves has its members in the new group before listeners send there, and leaves the former one', async () => {
  let atListening: readonly string[] = []
  cloud.instead.set('listen', async () => {
    atListening = servers('g2')
  })
  await balancer.configure(specOf({ api: 'g2' }), never)
  expect(atListening).toEqual(['10.0.0.1'])
  expect([servers('g1'), servers('g2')]).toEqual([[], ['10.0.0.1']])
  expect(cloud.did).toContain('leave g1')
})

test('a pool keeps the group that listeners send to until they send to another one', async () => {
  cloud.instead.set('listen', fails('yes'))
  await expect(balancer.configure(specOf({ api: 'g2' }), never)).rejects.toThrow('not now')
  await balancer.put('api', [server(2)], never)
  expect(servers('g1')).toEqual(['10.0.0.1', '10.0.0.2'])
  cloud.instead.clear()
  await balancer.configure(specOf({ api: 'g2' }), never)
  expect([servers('g1'), servers('g2')]).toEqual([[], ['10.0.0.1', '10.0.0.2']])
})

test('a group that was made ready in vain is left again', async () => {
  cloud.instead.set('listen', fails('yes'))
  await expect(balancer.configure(specOf({ api: 'g2' }), never)).rejects.toThrow('not now')
  cloud.instead.clear()
  await balancer.configure(specOf({ api: 'g1' }), never)
  expect([servers('g1'), servers('g2')]).toEqual([['10.0.0.1'], []])
  expect(cloud.did).toContain('leave g2')
})

test.each(['read', 'remove'])(
  'a former group that cannot be left at once is left by the next configuration: %s',
  async (what) => {
    cloud.of('g1').failing.set(what, 'yes')
    await expect(balancer.configure(specOf({ api: 'g2' }), never)).rejects.toThrow(`no ${what}`)
    cloud.of('g1').failing.clear()
    await balancer.configure(specOf({ api: 'g2' }), never)
    expect(servers('g1')).toEqual([])
  },
)

test('a group that cannot be deleted at once is deleted by the next configuration', async () => {
  cloud.instead.set('leave g1', fails('yes'))
  await expect(balancer.configure(specOf({}), never)).rejects.toThrow('not now')
  cloud.instead.clear()
  await balancer.configure(specOf({}), never)
  expect(cloud.did.filter((step) => step === 'leave g1')).toHaveLength(2)
})

test('a former group that is gone, or refused, is told and stands in no way', async () => {
  cloud.of('g1').failing.set('read', 'no')
  await balancer.configure(specOf({ api: 'g2' }), never)
  expect(warnings).toEqual(['pool api: its former group g1 stays as it is: no read'])
  await balancer.configure(specOf({ api: 'g2' }), never)
  expect(warnings).toHaveLength(1)
})

test('a pool that returns to the group that it is leaving has its members there', async () => {
  cloud.instead.set('leave g1', fails('yes'))
  cloud.of('g1').failing.set('remove', 'yes')
  await expect(balancer.configure(specOf({ api: 'g2' }), never)).rejects.toThrow('no remove')
  cloud.of('g1').failing.clear()
  await balancer.configure(specOf({ api: 'g1' }), never)
  await balancer.put('api', [server(2)], never)
  expect([servers('g1'), servers('g2')]).toEqual([['10.0.0.1', '10.0.0.2'], []])
})

test('a pool that is called otherwise goes on with its group and members', async () => {
  await balancer.configure(specOf({ web: 'g1' }), never)
  expect(servers('g1')).toEqual(['10.0.0.1'])
  expect(await balancer.members('web', never)).toMatchObject([{ id: 's1' }])
  await expect(balancer.members('api', never)).rejects.toMatchObject({ code: 'balancer.unknown-pool' })
})

describe('two pools that change their groups', () => {
  /** Once groups are ready, and no listener sends to them yet. */
  let atListening: () => Promise<void>
  beforeEach(async () => {
    await balancer.configure(specOf({ api: 'g1', web: 'g2' }), never)
    await balancer.put('web', [server(2)], never)
    atListening = async () => {}
    cloud.instead.set('listen', () => atListening())
  })
  const change = () => balancer.configure(specOf({ api: 'g2', web: 'g1' }), never)

  test('take their members along', async () => {
    await change()
    await balancer.put('api', [server(3)], never)
    expect(servers('g1')).toEqual(['10.0.0.2'])
    expect(servers('g2')).toEqual(['10.0.0.1', '10.0.0.3'])
  })

  test('keep a server that both have', async () => {
    for (const pool of ['api', 'web']) await balancer.put(pool, [server(5)], never)
    await change()
    expect(servers('g1')).toEqual(['10.0.0.5', '10.0.0.2'])
    expect(servers('g2')).toEqual(['10.0.0.5', '10.0.0.1'])
  })

  test('have the members of both until the change is done, whatever is asked for meanwhile', async () => {
    let after: readonly (readonly string[])[] = []
    atListening = async () => {
      await balancer.put('api', [server(3)], never)
      await balancer.drop('web', ['s2'], never)
      after = [servers('g1'), servers('g2')]
    }
    await change()
    expect(after).toEqual([['10.0.0.1', '10.0.0.2', '10.0.0.3'], ['10.0.0.1']])
    expect([servers('g1'), servers('g2')]).toEqual([[], ['10.0.0.1', '10.0.0.3']])
  })

  test('begin anew after a change that failed, with the members of each', async () => {
    atListening = fails('yes')
    await expect(change()).rejects.toThrow('not now')
    await balancer.drop('api', ['s1'], never)
    await balancer.put('api', [server(3)], never)
    atListening = async () => {}
    await change()
    expect([servers('g1'), servers('g2')]).toEqual([['10.0.0.2'], ['10.0.0.3']])
  })
})

test('what is asked for while listeners are changed holds in the new group', async () => {
  await balancer.put('api', [server(2)], never)
  let last: Promise<void> = Promise.resolve()
  cloud.instead.set('listen', async () => {
    await balancer.put('api', [server(2, 0), server(3)], never)
    await balancer.drop('api', ['s1'], never)
    // Not done yet when listeners are.
    last = balancer.put('api', [server(4)], never)
  })
  await balancer.configure(specOf({ api: 'g2' }), never)
  await last
  const weights = cloud.of('g2').backends.map(({ server: at, weight }) => [at, weight])
  expect(weights).toEqual([
    ['10.0.0.2', 0],
    ['10.0.0.3', 100],
    ['10.0.0.4', 100],
  ])
})

test('nobody joins a group that is being left', async () => {
  let late: Promise<void> = Promise.resolve()
  cloud.instead.set('leave g1', async () => {
    late = balancer.put('api', [server(2)], never)
    await late.catch(() => {})
  })
  await balancer.configure(specOf({}), never)
  await expect(late).rejects.toMatchObject({ code: 'balancer.unknown-pool' })
  expect(servers('g1')).toEqual([])
})

test('a server of the file that cannot be found keeps no former group from being left', async () => {
  cloud.of('g2').failing.set('s9', 'no')
  const pool = { ...aPoolSpec('api', [server(9), server(8)]), part: 'g2' }
  await expect(balancer.configure(aBalancerSpec([pool]), never)).rejects.toThrow('no s9')
  expect([servers('g1'), servers('g2')]).toEqual([[], ['10.0.0.8', '10.0.0.1']])
})
