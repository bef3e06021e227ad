import { expect, test } from 'vitest'
import { aLaunch, anIntent } from '../../test/kit/measured.ts'
import { NOON } from '../../test/kit/scaling.ts'
import { Fault, type FaultCode, type FaultRetry } from '../core/fault.ts'
import { SimBalancer } from '../simulator/sim-balancer.ts'
import { SimFleet } from '../simulator/sim-fleet.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { act } from './act.ts'
import { Flights } from './flights.ts'

function world(launchMs = 0) {
  const clock = new VirtualClock(NOON)
  const fleet = new SimFleet(clock, { launchMs })
  const traffic = { isUp: () => true, inFlight: () => 0, requestMs: 0 }
  return { ports: { clock, fleet, balancer: new SimBalancer(clock, traffic) }, flights: new Flights([]) }
}

const drop = anIntent({ kind: 'drop', pool: 'api', ids: ['a'] })
const fault = (code: FaultCode, retry: FaultRetry, source: 'user' | 'network' = 'user') =>
  new Fault(code, 'no', { source, retry })

test('gives the receipt of a step that is done at once', async () => {
  const { ports, flights } = world()
  const receipts = await act([aLaunch(2)], ports, flights)
  expect(receipts).toMatchObject([{ token: 'test.api.1', ok: true, launched: { ids: ['api-1', 'api-2'] } }])
  expect(flights.flying().size).toBe(0)
})

test('leaves a slow step in flight, and its receipt to a later tick', async () => {
  const { ports, flights } = world(5_000)
  const acting = act([aLaunch(1)], ports, flights)
  await ports.clock.advance(500)
  expect(await acting).toEqual([])
  expect(flights.flying()).toEqual(new Map([['test.api.1', NOON]]))
  await ports.clock.advance(5_000)
  expect(flights.flying().size).toBe(0)
  expect(flights.receipts().get('test.api.1')).toMatchObject({ ok: true, at: NOON + 5_000 })
})

test('a launch that answers nothing for two minutes has an unknown outcome', async () => {
  const { ports, flights } = world(500_000)
  void act([aLaunch(1)], ports, flights)
  await ports.clock.advance(120_000)
  expect(flights.receipts().get('test.api.1')).toMatchObject({ ok: false, unknown: true, code: 'timeout' })
})

test('a fault becomes a receipt that says whether the step may have worked', async () => {
  const { ports, flights } = world()
  expect(await act([drop], ports, flights)).toMatchObject([
    { ok: false, unknown: false, code: 'balancer.unknown-pool' },
  ])
  ports.balancer.fault = fault('balancer.unreachable', 'unknown')
  expect(await act([drop], ports, flights)).toMatchObject([{ ok: false, unknown: true }])
})

test('a defect of a driver, and a newer controller, are not swallowed', async () => {
  for (const error of [new TypeError('a defect'), fault('balancer.stale-epoch', 'no')]) {
    const { ports, flights } = world()
    const balancer = Object.assign(ports.balancer, { drop: () => Promise.reject(error) })
    await expect(act([drop], { ...ports, balancer }, flights)).rejects.toBe(error)
  }
})

test('a step is never started twice at a time', async () => {
  const { ports, flights } = world(5_000)
  void act([aLaunch(1)], ports, flights)
  await expect(act([aLaunch(1)], ports, flights)).rejects.toThrow('already in flight')
})
