import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BalancerSpec, type PoolSpec, parseAddress } from '../../core/balancer.ts'
import { canonical } from '../../core/canonical.ts'
import { messageOf } from '../../core/fault.ts'
import type { Clock, Logger, Millis } from '../../core/time.ts'
import { Gateway } from '../../gateway/main/gateway.ts'
import { carriedOfAlb } from '../alb/carried.ts'
import { measured } from '../cms/measured.ts'
import { METER_MS } from '../cms/meter.ts'
import type { Served } from '../serve.ts'
import { settled } from '../settle.ts'
import { carriedOfClb } from '../slb/carried.ts'
import { withSent } from '../slb/charges.ts'
import type { World } from '../world.ts'
import { certificateFiles } from './carried.ts'
import { freePorts } from './free-ports.ts'
import { measurementsOf } from './meter.ts'

const LOOK_MS = 200
/** Between looks whether a port is free by now, or the gateway takes what it refused. */
const AGAIN_MS = 1_000
const DRAIN_MS = 1_000
/** Of rates, which nobody reads of these counts. */
const WINDOW_MS = 1_000
/** Where all servers of a group fail, requests go to all of them ("ALB health checks", alibabacloud.com/help, March 2026; of CLB nothing
 *  is said): below any share that one server of a group can be. */
const NONE_LEFT = 1e-6

/**
 * Lets a real gateway serve the listeners of the sandbox's load balancers at their addresses, and tells the sandbox what its checks find,
 * how much it sends, and what CloudMonitor measures of it. Throws Fault when the gateway cannot start.
 */
export async function carryTraffic(
  served: Served,
  { folder, clock, log }: { readonly folder: string; readonly clock: Clock; readonly log: Logger },
): Promise<AsyncDisposable> {
  mkdirSync(folder, { recursive: true })
  const gateway = new Gateway({ stateDir: folder, controlPath: join(folder, 'socket'), workers: 1, log })
  await gateway.start()
  const quit = new AbortController()
  const configured = configures(gateway, { folder, clock, log })
  let totals: Totals = new Map()
  let meteredAt = Number.NEGATIVE_INFINITY

  async function look(): Promise<void> {
    served.change(settled)
    const pools = await configured(served.world())
    const before = totals
    totals = new Map(gateway.stats(WINDOW_MS).pools.map(({ name, sentToClients }) => [name, sentToClients]))
    const health = healthOf(gateway, pools)
    served.change((world) => withSent({ ...world, health }, sentSince(before, totals)))
    meter()
  }

  function meter(): void {
    if (clock.now() - meteredAt < METER_MS) return
    meteredAt = clock.now()
    const stats = gateway.stats(METER_MS)
    served.change((world, now) => measured(world, measurementsOf(world, stats), now + world.skewMs))
  }

  const looking = (async () => {
    while (!quit.signal.aborted) {
      await look()
      await clock.sleep(LOOK_MS, quit.signal).catch(() => {})
    }
  })()
  return {
    async [Symbol.asyncDispose]() {
      quit.abort()
      await looking
      await gateway.stop(DRAIN_MS)
    },
  }
}

/** Has the gateway serve what a world has, as far as it can, and tells the pools that are served. */
function configures(
  gateway: Gateway,
  { folder, clock, log }: { readonly folder: string; readonly clock: Clock; readonly log: Logger },
) {
  const freeOf = freePorts(log)
  let carried: BalancerSpec | null = null
  let asked = ''
  let againAt: Millis = Number.POSITIVE_INFINITY
  let refused = ''

  return async (world: World): Promise<readonly PoolSpec[]> => {
    const whole = specOf(world, folder)
    const text = canonical(whole)
    if (text === asked && clock.now() < againAt) return carried?.pools ?? []
    asked = text
    writeCertificates(world, folder)
    const spec = { ...whole, listeners: await freeOf(whole.listeners, carried?.listeners ?? []) }
    againAt =
      spec.listeners.length < whole.listeners.length ? clock.now() + AGAIN_MS : Number.POSITIVE_INFINITY
    try {
      if (carried === null || canonical(spec) !== canonical(carried)) await gateway.configure(0, spec)
      carried = spec
      refused = ''
    } catch (error) {
      againAt = clock.now() + AGAIN_MS
      if (messageOf(error) !== refused)
        log.error(`the load balancers go on as they were: ${messageOf(error)}`)
      refused = messageOf(error)
    }
    return carried?.pools ?? []
  }
}

/** All that is carried, in one. */
function specOf(world: World, folder: string): BalancerSpec {
  const all = [carriedOfClb(world, folder), carriedOfAlb(world, folder)]
  const listeners = all.flatMap((one) => one.listeners)
  const pools = all.flatMap((one) => one.pools)
  return { name: 'sandbox', listeners, pools, panicRatio: NONE_LEFT, accessLog: null, bandwidthBps: null }
}

/** One that has been written stays as it is: another certificate has another id. */
function writeCertificates({ slb, cas }: World, folder: string): void {
  const ofClb = [...slb.certificates.values()].map(({ pem, ...one }) => ({ ...one, cert: pem }))
  for (const { id, cert, key } of [...ofClb, ...cas.certificates.values()]) {
    const files = certificateFiles(folder, String(id))
    if (existsSync(files.key)) continue
    writeFileSync(files.cert, cert)
    writeFileSync(files.key, key, { mode: 0o600 })
  }
}

function healthOf(gateway: Gateway, pools: readonly PoolSpec[]): ReadonlyMap<string, boolean> {
  const found = pools.flatMap(({ name, health }) =>
    gateway
      .members(name)
      .filter(({ state }) => state !== 'draining')
      .map(({ address, state }) => {
        const { host, port } = parseAddress(address)!
        return [`${host}:${health.port ?? port}`, state === 'healthy'] as const
      }),
  )
  return new Map(found)
}

/** Bytes that each pool has sent to clients. */
type Totals = ReadonlyMap<string, number>

/** What each load balancer has sent more than before. */
function sentSince(before: Totals, totals: Totals): Totals {
  const sent = new Map<string, number>()
  for (const [pool, total] of totals) {
    const balancer = pool.slice(0, pool.indexOf('/'))
    const last = before.get(pool) ?? 0
    // A pool that comes back counts anew.
    sent.set(balancer, (sent.get(balancer) ?? 0) + (total < last ? total : total - last))
  }
  return sent
}
