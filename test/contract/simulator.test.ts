import { hash64 } from '../../src/core/hash.ts'
import { SimBalancer } from '../../src/simulator/sim-balancer.ts'
import { SimFleet } from '../../src/simulator/sim-fleet.ts'
import { SimMetrics } from '../../src/simulator/sim-metrics.ts'
import { SimStore } from '../../src/simulator/sim-store.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { NOON } from '../kit/scaling.ts'
import { balancerContract } from './balancer.ts'
import { type FleetHarness, fleetContract } from './fleet.ts'
import { metricSourceContract } from './metric-source.ts'
import { parkingContract } from './parking.ts'
import { storeContract } from './store.ts'

async function aFleet(): Promise<FleetHarness> {
  const clock = new VirtualClock(NOON)
  const fleet = new SimFleet(clock)
  fleet.keeps = 2
  let tokens = 0
  return {
    fleet,
    request: (count) => ({
      token: `test.api.${++tokens}`,
      fleet: 'api',
      count,
      revision: hash64('template'),
      template: {},
    }),
    pass: () => clock.advance(50),
    reopen: async () => fleet,
    crash: async (id) => fleet.crash(id),
    close: async () => {},
  }
}

fleetContract('simulator', aFleet)
parkingContract('simulator', aFleet)

balancerContract('simulator', async () => {
  const clock = new VirtualClock(NOON)
  const up = new Set<string>()
  let servers = 0
  const traffic = { isUp: (address: string) => up.has(address), inFlight: () => 0, requestMs: 100 }
  return {
    balancer: new SimBalancer(clock, traffic),
    async aServer() {
      const address = `127.0.0.1:${20_000 + ++servers}`
      up.add(address)
      return {
        address,
        async fall() {
          up.delete(address)
        },
      }
    },
    pass: () => clock.advance(50),
    close: async () => {},
  }
})

metricSourceContract('simulator', async () => {
  const clock = new VirtualClock(NOON)
  let load: number | null = 12
  return {
    source: new SimMetrics(clock, (metric) => (metric === 'rps' ? load : null)),
    query: { metric: 'rps-per-server', fleet: 'api', pools: ['api'], servers: ['a'] },
    now: () => clock.now(),
    pass: () => clock.advance(50),
    async lose() {
      load = null
    },
    close: async () => {},
  }
})

storeContract('simulator', async () => {
  const clock = new VirtualClock(NOON)
  const store = new SimStore(clock)
  return { store, now: () => clock.now(), reopen: async () => store, close: async () => {} }
})
