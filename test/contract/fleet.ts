import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fleet, LaunchRequest, Server } from '../../src/core/fleet.ts'

/** One fleet under test, empty at first, and the powers over its world that the suite needs. */
export interface FleetHarness {
  readonly fleet: Fleet
  /** A launch that would work, with a token never used before. */
  request(count: number): LaunchRequest
  /** Lets a little time pass: really, or on a virtual clock. Waiting in the suite is a bounded number of these. */
  pass(): Promise<void>
  /** The same fleet seen by a controller that has just been restarted; `fleet` is not used any more. */
  reopen(): Promise<Fleet>
  /** Makes a server end by itself, from outside of Tidegate. */
  crash(id: string): Promise<void>
  /** Ends whatever is left and forgets it. */
  close(): Promise<void>
}

const PROMISES = [
  'lists nothing before the first launch',
  'launches as many as asked and lists each with its token and revision',
  'gives every running server an address of its own',
  'launches once for the same token twice',
  'launches once for the same token on both sides of a restart',
  'launches once for the same token asked twice at the same time',
  'gives every token other ids',
  'lists after a restart what was launched before it',
  'starts nothing when the signal has aborted',
  'takes retired servers from the list and leaves the others',
  'accepts ids that it does not know, or not any more',
  'never calls a server running that has ended by itself',
  'forgets a failed server when it is retired',
] as const

export type FleetPromise = (typeof PROMISES)[number]

const never = (): AbortSignal => new AbortController().signal
const ROUNDS = 1000

/** What every driver of a fleet, and its stand-in, must keep. A skip carries its reason. */
export function fleetContract(
  name: string,
  make: () => Promise<FleetHarness>,
  options: { readonly skip?: Readonly<Partial<Record<FleetPromise, string>>> } = {},
): void {
  let harness: FleetHarness
  const promise = (title: FleetPromise, body: () => Promise<void>): void => {
    const reason = options.skip?.[title]
    if (reason === undefined) test(title, body)
    else test.skip(`${title} (${reason})`, body)
  }
  describe(`fleet contract: ${name}`, () => {
    beforeEach(async () => {
      harness = await make()
    })
    afterEach(() => harness.close())
    launching(promise, () => harness)
    restarting(promise, () => harness)
    ending(promise, () => harness)
  })
}

type Define = (title: FleetPromise, body: () => Promise<void>) => void

function launching(promise: Define, harness: () => FleetHarness): void {
  promise('lists nothing before the first launch', async () => {
    expect(await listed(harness().fleet)).toEqual([])
  })

  promise('launches as many as asked and lists each with its token and revision', async () => {
    const request = harness().request(3)
    const receipt = await harness().fleet.launch(request, never())
    expect(receipt.token).toBe(request.token)
    expect(new Set(receipt.ids).size).toBe(3)
    const servers = await until(harness(), (list) => running(list).length === 3)
    expect(idsOf(servers)).toEqual([...receipt.ids].sort())
    for (const server of servers) {
      expect(server).toMatchObject({ token: request.token, revision: request.revision })
    }
  })

  promise('gives every running server an address of its own', async () => {
    await harness().fleet.launch(harness().request(3), never())
    const servers = await until(harness(), (list) => list.filter(({ address }) => address).length === 3)
    for (const { address } of servers) expect(address).toMatch(/:\d+$/)
    expect(new Set(servers.map(({ address }) => address)).size).toBe(3)
  })

  promise('launches once for the same token twice', async () => {
    const request = harness().request(2)
    const first = await harness().fleet.launch(request, never())
    const second = await harness().fleet.launch(request, never())
    expect([...second.ids].sort()).toEqual([...first.ids].sort())
    await until(harness(), (list) => running(list).length >= 2)
    await harness().pass()
    expect(idsOf(await listed(harness().fleet))).toEqual([...first.ids].sort())
  })

  promise('launches once for the same token asked twice at the same time', async () => {
    const request = harness().request(2)
    const both = [harness().fleet.launch(request, never()), harness().fleet.launch(request, never())]
    const [first, second] = await Promise.all(both)
    expect([...second!.ids].sort()).toEqual([...first!.ids].sort())
    await until(harness(), (list) => running(list).length >= 2)
    await harness().pass()
    expect(idsOf(await listed(harness().fleet))).toEqual([...first!.ids].sort())
  })

  promise('gives every token other ids', async () => {
    const first = await harness().fleet.launch(harness().request(1), never())
    const second = await harness().fleet.launch(harness().request(1), never())
    expect(second.ids).not.toEqual(first.ids)
    await until(harness(), (list) => running(list).length === 2)
  })

  promise('starts nothing when the signal has aborted', async () => {
    await expect(harness().fleet.launch(harness().request(1), AbortSignal.abort())).rejects.toThrow()
    await harness().pass()
    expect(await listed(harness().fleet)).toEqual([])
  })
}

function restarting(promise: Define, harness: () => FleetHarness): void {
  promise('lists after a restart what was launched before it', async () => {
    await harness().fleet.launch(harness().request(2), never())
    const before = await until(harness(), (list) => running(list).length === 2)
    const after = await listed(await harness().reopen())
    const facts = ({ id, token, address, revision, phase }: Server) => ({
      id,
      token,
      address,
      revision,
      phase,
    })
    const byId = (a: Server, b: Server): number => a.id.localeCompare(b.id)
    expect([...after].sort(byId).map(facts)).toEqual([...before].sort(byId).map(facts))
  })

  promise('launches once for the same token on both sides of a restart', async () => {
    const request = harness().request(2)
    const first = await harness().fleet.launch(request, never())
    const reopened = await harness().reopen()
    const second = await reopened.launch(request, never())
    expect([...second.ids].sort()).toEqual([...first.ids].sort())
    await harness().pass()
    expect(idsOf(await listed(reopened))).toEqual([...first.ids].sort())
  })
}

function ending(promise: Define, harness: () => FleetHarness): void {
  promise('takes retired servers from the list and leaves the others', async () => {
    const { ids } = await harness().fleet.launch(harness().request(3), never())
    await until(harness(), (list) => running(list).length === 3)
    await harness().fleet.retire(ids.slice(0, 2), never())
    const still = running(await listed(harness().fleet))
    expect(idsOf(still)).toEqual([ids[2]])
    const left = await until(harness(), (list) => list.length === 1)
    expect(left).toMatchObject([{ id: ids[2], phase: 'running' }])
  })

  promise('accepts ids that it does not know, or not any more', async () => {
    const { ids } = await harness().fleet.launch(harness().request(1), never())
    await harness().fleet.confirm(['nobody', ...ids], never())
    await harness().fleet.retire(['nobody', ...ids], never())
    await until(harness(), (list) => list.length === 0)
    await harness().fleet.retire(ids, never())
    expect(await listed(harness().fleet)).toEqual([])
  })

  promise('never calls a server running that has ended by itself', async () => {
    const { ids } = await harness().fleet.launch(harness().request(2), never())
    await until(harness(), (list) => running(list).length === 2)
    await harness().crash(ids[0]!)
    const list = await until(harness(), (servers) => running(servers).length === 1)
    expect(running(list).map(({ id }) => id)).toEqual([ids[1]])
    for (const server of list.filter(({ id }) => id === ids[0])) {
      expect(server).toMatchObject({ phase: 'failed', detail: expect.stringMatching(/./) })
    }
  })

  promise('forgets a failed server when it is retired', async () => {
    const { ids } = await harness().fleet.launch(harness().request(1), never())
    await until(harness(), (list) => running(list).length === 1)
    await harness().crash(ids[0]!)
    await until(harness(), (list) => running(list).length === 0)
    await harness().fleet.retire(ids, never())
    await until(harness(), (list) => list.length === 0)
  })
}

async function listed(fleet: Fleet): Promise<readonly Server[]> {
  return (await fleet.list(never())).servers
}

async function until(
  { fleet, pass }: FleetHarness,
  done: (servers: readonly Server[]) => boolean,
): Promise<readonly Server[]> {
  for (let round = 0; round < ROUNDS; round++) {
    const servers = await listed(fleet)
    if (done(servers)) return servers
    await pass()
  }
  throw new Error(`not in ${ROUNDS} rounds; the list is ${JSON.stringify(await listed(fleet))}`)
}

const running = (servers: readonly Server[]): readonly Server[] =>
  servers.filter(({ phase }) => phase === 'running')
const idsOf = (servers: readonly Server[]): readonly string[] => servers.map(({ id }) => id).sort()
