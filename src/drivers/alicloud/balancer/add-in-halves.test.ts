import { expect, test } from 'vitest'
import { Fault } from '../../../core/fault.ts'
import { addInHalves } from './add-in-halves.ts'
import type { Backend } from './backend.ts'

const never = new AbortController().signal
const backends = (count: number): readonly Backend[] =>
  Array.from({ length: count }, (_, nth) => ({
    server: `i-${nth}`,
    ip: '',
    port: 80,
    weight: 1,
    mark: '',
    health: 'unknown' as const,
  }))

/** A group that takes a call for all or for none of its servers. */
function groupThat(refuses: (server: string) => Fault | null) {
  const there: Backend[] = []
  const calls: number[] = []
  return {
    there,
    calls,
    read: async () => there,
    async add(some: readonly Backend[]) {
      calls.push(some.length)
      const fault = some.map(({ server }) => refuses(server)).find((one) => one !== null)
      if (fault) throw fault
      there.push(...some)
    },
  }
}

const fault = (retry: 'yes' | 'no') => new Fault('balancer.refused', 'no', { source: 'vendor', retry })

test('all that the cloud takes are added, whoever else it refuses', async () => {
  const group = groupThat((server) => (['i-3', 'i-150'].includes(server) ? fault('no') : null))
  expect(await addInHalves(group, backends(200), never)).toMatchObject({ message: 'no' })
  expect(group.there).toHaveLength(198)
  expect(group.calls.length).toBeLessThan(40)
})

test('what is taken is taken by one call', async () => {
  const group = groupThat(() => null)
  expect(await addInHalves(group, backends(200), never)).toBeNull()
  expect(group.calls).toEqual([200])
})

test('what is refused to all of them is not tried for each, and what may pass is not tried at once', async () => {
  const forbidden = groupThat(() => fault('no'))
  await addInHalves(forbidden, backends(200), never)
  expect(forbidden.calls).toHaveLength(32)
  const busy = groupThat(() => fault('yes'))
  expect(await addInHalves(busy, backends(200), never)).toMatchObject({ retry: 'yes' })
  expect(busy.calls).toEqual([200])
})
