import type { FleetAbout, Opened } from '../../../core/driver.ts'
import { Fault } from '../../../core/fault.ts'
import type { Fleet, LaunchReceipt, LaunchRequest, Listed, Server } from '../../../core/fleet.ts'
import type { Clock, Host, Millis } from '../../../core/time.ts'
import type { Transport } from '../client/transport.ts'
import { faultOf } from '../faults.ts'
import type { EcsConfig } from './config.ts'
import { type Instance, launchedAt, serverOf } from './instances.ts'
import { Launching } from './launching.ts'
import { isParked, park } from './parking.ts'
import { offersOf } from './prices.ts'
import { isGone, type Released, release } from './release.ts'
import { type Shared, shareEcs } from './shared.ts'
import type { Listing } from './shared-list.ts'

/** So long a list may still call one stopped that has been started. */
const WAKING_MS = 30_000
/** One that is gone by itself sooner after its launch never came to be. */
const STILLBORN_MS = 5 * 60_000
/** One that is not running by then hardly will. */
const ARRIVAL_MS = 5 * 60_000

/** Opens a fleet. Closing it stops no server. `transport` stands in for the network. */
export function openEcs(config: EcsConfig, about: FleetAbout, host: Host, transport?: Transport): Opened {
  const shared = shareEcs(config, host, { fleet: about.fleet, transport })
  return {
    fleet: new EcsFleet(shared, config, about, host),
    [Symbol.asyncDispose]: async () => shared.release(),
  }
}

const NEVER = new AbortController().signal

class EcsFleet implements Fleet {
  readonly #shared: Shared
  readonly #config: EcsConfig
  readonly #name: string
  readonly #clock: Clock
  readonly #launching: Launching
  readonly #confirmed = new Set<string>()
  /** Its instances, as last listed. */
  #listed: readonly Instance[] = []
  /** Deleted, but perhaps listed for a moment more. */
  readonly #deleted = new Set<string>()

  constructor(shared: Shared, config: EcsConfig, { fleet, startupMs, carbon }: FleetAbout, host: Host) {
    this.#shared = shared
    this.#config = config
    this.#name = fleet
    this.#clock = host.clock
    const { clock, installation } = host
    const launcher = { ...shared, region: config.region, installation, startupMs, carbon: carbon ?? null }
    this.#launching = new Launching({ fleet, list: shared.list, launcher, clock })
  }

  get freshForMs(): Millis {
    return this.#shared.list.freshForMs(this.#isChanging())
  }

  get keeps(): number {
    return this.#config.warm
  }

  async list(signal: AbortSignal): Promise<Listed> {
    signal.throwIfAborted()
    const { instances: own, at } = await this.#recent()
    void this.#shared.prices.refresh(offersOf(this.#config.template), NEVER)
    void this.#shared.notices.refresh(NEVER)
    const ids = new Set(own.map(({ id }) => id))
    this.#noteVanished(ids, at)
    this.#listed = own
    this.#launching.forget(ids, at)
    for (const id of this.#deleted) if (!ids.has(id)) this.#deleted.delete(id)
    for (const id of this.#confirmed) if (!ids.has(id)) this.#confirmed.delete(id)
    const parked = own.filter((one) => isParked(one))
    return {
      servers: own.filter((one) => !parked.includes(one)).map((one) => this.#serverOf(one, at)),
      at,
      kept: parked.filter(({ id }) => !this.#deleted.has(id)).map(({ id, revision }) => ({ id, revision })),
      strays: this.#shared.straysFor(this.#name),
    }
  }

  #serverOf(instance: Instance, at: Millis): Server {
    const { prices, notices } = this.#shared
    const { instanceType, isSpot: spot, zone } = instance
    const server = serverOf(instance, this.#config.port, {
      price: prices.of({ instanceType, spot }, zone),
      event: notices.of(instance.id),
      isWaking: at - launchedAt(instance) < WAKING_MS,
    })
    return this.#deleted.has(server.id) ? { ...server, phase: 'retiring' } : server
  }

  /** The cloud has sold instances that it has no room for, and takes them back: there is nothing more of them there. */
  #noteVanished(ids: ReadonlySet<string>, at: Millis): void {
    const gone = this.#listed.filter(({ id }) => !ids.has(id) && !this.#deleted.has(id))
    for (const one of gone.filter((one) => at - launchedAt(one) < STILLBORN_MS)) {
      const instanceType = this.#config.template.instanceTypes.includes(one.instanceType)
        ? one.instanceType
        : ''
      this.#shared.shortages.note({ vSwitch: one.vSwitch, instanceType, spot: one.isSpot })
    }
  }

  async launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt> {
    signal.throwIfAborted()
    return await this.#launching.launch(request, signal)
  }

  /** They release themselves no more. */
  async confirm(ids: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { call } = this.#shared
    const own = (await this.#recent()).instances.map(({ id }) => id)
    for (const id of ids.filter((one) => own.includes(one) && !this.#confirmed.has(one))) {
      const query = { RegionId: this.#config.region, InstanceId: id }
      const action = 'ModifyInstanceAutoReleaseTime'
      const outcome = await call({ product: 'ecs', action, query, read: () => null }, signal)
      if (!outcome.ok && !isGone(outcome.fault))
        throw faultOf('fleet.confirm-failed', `${id} still releases itself`, outcome.fault)
      this.#confirmed.add(id)
    }
  }

  /** Reads the list again: what does not bear this fleet's tags there is never touched. */
  async retire(ids: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const own = (await this.#shared.list.current(this.#name)).instances
    const doomed = own.filter(({ id }) => ids.includes(id))
    // None is deleted that the cloud has not finished making.
    const ready = doomed.filter(({ status }) => status !== 'Pending').map(({ id }) => id)
    try {
      const { gone, kept } = await release(
        { call: this.#shared.call, region: this.#config.region, signal },
        ready,
      )
      for (const id of gone) this.#deleted.add(id)
      if (kept.length > 0) throw keptFault(kept)
    } finally {
      this.#shared.list.changed(this.#name)
    }
    const unready = doomed.map(({ id }) => id).filter((id) => !ready.includes(id))
    if (unready.length > 0)
      throw new Fault(
        'fleet.retire-failed',
        `${unready.join(', ')}: a server that is being made can be deleted only when that is done`,
        { source: 'vendor', retry: 'yes' },
      )
  }

  /** A spot server that is stopped may find no place again: those are deleted, and those that the cloud does not stop so. */
  async park(ids: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const own = (await this.#shared.list.current(this.#name)).instances
    const leaving = own.filter(({ id }) => ids.includes(id))
    const spots = leaving.filter(({ isSpot }) => isSpot)
    const means = { call: this.#shared.call, region: this.#config.region, signal }
    const unparked = await park(
      means,
      leaving.filter(({ isSpot }) => !isSpot),
    ).finally(() => this.#shared.list.changed(this.#name))
    const rest = [...unparked, ...spots.map(({ id }) => id)]
    if (rest.length > 0) await this.retire(rest, signal)
  }

  #recent(): Promise<Listing> {
    return this.#shared.list.recent(this.#name, this.#isChanging())
  }

  /** Whether servers of it are on their way in or out: then it is looked at more often. */
  #isChanging(): boolean {
    const now = this.#clock.now()
    return (
      this.#launching.fresh.size > 0 ||
      this.#deleted.size > 0 ||
      this.#listed.some((one) => isArriving(one) && now - launchedAt(one) < ARRIVAL_MS)
    )
  }
}

/** Whatever it is, `plan` asks for those that are still listed again. */
function keptFault(kept: Released['kept']): Fault {
  const faults = kept.map(({ ids, fault }) =>
    faultOf('fleet.retire-failed', `${ids.join(', ')} cannot be deleted`, fault),
  )
  const [first] = faults as [Fault]
  const message = faults.map((fault) => fault.message).join('; ')
  return new Fault('fleet.retire-failed', message, { source: first.source, retry: first.retry })
}

function isArriving({ status }: Instance): boolean {
  return status === 'Pending' || status === 'Starting'
}
