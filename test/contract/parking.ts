import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Listed } from '../../src/core/fleet.ts'
import type { FleetHarness } from './fleet.ts'

const never = (): AbortSignal => new AbortController().signal
const ROUNDS = 1000
const STOPPING_ROUNDS = 20

/** What every driver must keep beside `fleetContract` whose fleet may keep servers, and its stand-in. Two may be kept. */
export function parkingContract(name: string, make: () => Promise<FleetHarness>): void {
  let harness: FleetHarness
  beforeEach(async () => {
    harness = await make()
  })
  afterEach(() => harness.close())

  /** Two servers run, and then both are parked. */
  async function twoParked(): Promise<readonly string[]> {
    const { ids } = await harness.fleet.launch(harness.request(2), never())
    await until(harness, ({ servers }) => servers.filter(({ phase }) => phase === 'running').length === 2)
    await harness.fleet.park!(ids, never())
    await until(harness, ({ servers, kept }) => servers.length === 0 && kept?.length === 2)
    // One that is still stopping cannot be started.
    for (let round = 0; round < STOPPING_ROUNDS; round++) await harness.pass()
    return ids
  }

  describe(`parking contract: ${name}`, () => {
    test('lists a parked server as kept, with its revision, and as no server', async () => {
      const { revision } = harness.request(1)
      const ids = await twoParked()
      const { kept } = await harness.fleet.list(never())
      expect(kept?.map(({ id }) => id).sort()).toEqual([...ids].sort())
      expect(new Set(kept?.map((one) => one.revision))).toEqual(new Set([revision]))
    })

    test('starts parked servers with the next launch, under its token, and launches only the rest', async () => {
      const ids = await twoParked()
      const request = harness.request(3)
      const receipt = await harness.fleet.launch(request, never())
      expect(receipt.ids).toHaveLength(3)
      expect(receipt.ids).toEqual(expect.arrayContaining([...ids]))
      const { servers, kept } = await until(
        harness,
        (list) => list.servers.filter(({ phase }) => phase === 'running').length === 3,
      )
      expect(servers.map(({ token }) => token)).toEqual(Array(3).fill(request.token))
      expect(kept).toEqual([])
    })

    test('starts none of another revision', async () => {
      const ids = await twoParked()
      const { ids: fresh } = await harness.fleet.launch(
        { ...harness.request(1), revision: 'another' },
        never(),
      )
      expect(ids).not.toContain(fresh[0])
    })

    test('keeps them over a restart, and forgets those that are retired', async () => {
      const ids = await twoParked()
      const reopened = await harness.reopen()
      expect((await reopened.list(never())).kept).toHaveLength(2)
      await reopened.retire(ids, never())
      await until({ ...harness, fleet: reopened }, ({ kept }) => kept?.length === 0)
    })
  })
}

async function until({ fleet, pass }: FleetHarness, done: (listed: Listed) => boolean): Promise<Listed> {
  for (let round = 0; round < ROUNDS; round++) {
    const listed = await fleet.list(never())
    if (done(listed)) return listed
    await pass()
  }
  throw new Error(`not in ${ROUNDS} rounds; the list is ${JSON.stringify(await fleet.list(never()))}`)
}
