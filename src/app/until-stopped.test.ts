import { expect, test } from 'vitest'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { type Stopping, untilStopped } from './until-stopped.ts'

const aFleet = (name: string) => {
  const fleet = { isEmpty: false, blind: null as string | null }
  const stopping: Stopping = {
    get isEmpty() {
      return fleet.isEmpty
    },
    loop: { status: () => ({ name, blind: fleet.blind }) },
  }
  return { fleet, stopping }
}

/** Whether it has ended, and with what, after each while. */
function waiting(stopping: readonly Stopping[], hasGateway = true) {
  const clock = new VirtualClock(0)
  let said: readonly string[] | null = null
  void untilStopped(
    () => stopping,
    async () => hasGateway,
    clock,
  ).then((lines) => {
    said = lines
  })
  return async (ms: number) => {
    await clock.advance(ms)
    return said
  }
}

test('servers that drain are waited for, however long it takes', async () => {
  const { fleet, stopping } = aFleet('api')
  const after = waiting([stopping])
  expect(await after(600_000)).toBeNull()
  fleet.isEmpty = true
  expect(await after(1_000)).toEqual([])
})

test('what cannot be read is not waited for beyond some tries, and it is told what may be left', async () => {
  const [api, jobs] = [aFleet('api'), aFleet('jobs')]
  api.fleet.blind = 'servers: the credentials are wrong'
  const after = waiting([api.stopping, jobs.stopping])
  expect(await after(60_000)).toBeNull()
  jobs.fleet.isEmpty = true
  expect(await after(5_000)).toBeNull()
  expect(await after(6_000)).toEqual(['servers of api may be left: servers: the credentials are wrong'])
})

test('one that is blind for a moment is waited for', async () => {
  const { fleet, stopping } = aFleet('api')
  const after = waiting([stopping])
  fleet.blind = 'pool api: no answer'
  await after(5_000)
  fleet.blind = null
  await after(1_000)
  fleet.blind = 'pool api: no answer'
  expect(await after(8_000)).toBeNull()
})

test('without the gateway nobody can drain', async () => {
  const after = waiting([aFleet('api').stopping], false)
  expect(await after(11_000)).toEqual(['servers of api may be left: the gateway does not answer'])
})
