import type { Opened } from '../../../core/driver.ts'
import { Fault } from '../../../core/fault.ts'
import type { Fleet, LaunchReceipt, LaunchRequest, Listed } from '../../../core/fleet.ts'
import { sequenceOf } from '../../../core/step.ts'
import type { Clock, Host, Millis } from '../../../core/time.ts'
import { within } from '../../../core/within.ts'
import type { Transport } from '../client/transport.ts'
import { type EcsConfig, type EcsTemplate, readTemplate } from './config.ts'
import { faultOf } from './faults.ts'
import { type Instance, launchedAt, serverOf } from './instances.ts'
import { type Launcher, launch } from './launch.ts'
import { isParked, park, wake } from './parking.ts'
import { isGone, type Released, release } from './release.ts'
import { type Shared, shareEcs } from './shared.ts'
import type { Listing } from './shared-list.ts'

/** What has been launched may be missing from a list for a moment. */
const UNLISTED_MS = 5_000
/** Receipts kept, so that a token asked twice is answered alike. */
const KEPT = 1_000

/** So long a list may still call one stopped that has been started. */
const WAKING_MS = 30_000
/** One that is gone by itself sooner after its launch never came to be. */
const STILLBORN_MS = 5 * 60_000
/** One that is not running by then hardly will. */
const ARRIVAL_MS = 5 * 60_000
/** How long a launch waits for prices: without them the order of the file decides. */
const PRICES_MS = 5_000

/** Opens a fleet. Closing it stops no server. `transport` stands in for the network. */
export function openEcs(
  config: EcsConfig,
  about: { readonly fleet: string; readonly startupMs: Millis },
  host: Host,
  transport?: Transport,
): Opened {
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
  readonly #launcher: Launcher
  readonly #receipts = new Map<string, Promise<LaunchReceipt>>()
  readonly #confirmed = new Set<string>()
  /** Its instances, as last listed. */
  #listed: readonly Instance[] = []
  /** Launched, but perhaps not listed for a moment: since when. */
  readonly #launched = new Map<string, Millis>()
  /** Deleted, but perhaps listed for a moment more. */
  readonly #deleted = new Set<string>()

  constructor(
    shared: Shared,
    config: EcsConfig,
    { fleet, startupMs }: { readonly fleet: string; readonly startupMs: Millis },
    host: Host,
  ) {
    this.#shared = shared
    this.#config = config
    this.#name = fleet
    this.#clock = host.clock
    this.#launcher = { ...shared, region: config.region, installation: host.installation, startupMs }
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
    const { prices, notices } = this.#shared
    void this.#refreshPrices(this.#config.template, NEVER)
    void notices.refresh(NEVER)
    const ids = new Set(own.map(({ id }) => id))
    this.#noteVanished(ids, at)
    this.#listed = own
    for (const [id, since] of this.#launched)
      if (ids.has(id) || at - since > UNLISTED_MS) this.#launched.delete(id)
    for (const id of this.#deleted) if (!ids.has(id)) this.#deleted.delete(id)
    for (const id of this.#confirmed) if (!ids.has(id)) this.#confirmed.delete(id)
    const parked = own.filter((one) => isParked(one))
    const servers = own
      .filter((one) => !parked.includes(one))
      .map((instance) => {
        const { instanceType, isSpot: spot, zone } = instance
        const besides = {
          price: prices.of({ instanceType, spot }, zone),
          event: notices.of(instance.id),
          isWaking: at - launchedAt(instance) < WAKING_MS,
        }
        const server = serverOf(instance, this.#config.port, besides)
        return this.#deleted.has(server.id) ? { ...server, phase: 'retiring' as const } : server
      })
    const kept = parked.filter(({ id }) => !this.#deleted.has(id))
    return { servers, at, kept, strays: this.#shared.straysFor(this.#name) }
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
    const known = this.#receipts.get(request.token)
    if (known) return await known
    const receipt = this.#launch(request, signal)
    this.#receipts.set(request.token, receipt)
    // One that failed may be tried again.
    receipt.catch(() => this.#receipts.delete(request.token))
    forgetOldest(this.#receipts)
    return await receipt
  }

  /** Servers that bear the token are its servers, however many: a controller before us may have lost the answer. Where that may be, the
   *  list is given time to show them before anything is bought. */
  async #launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt> {
    const { token, count } = request
    const read = async () => (await this.#shared.list.current(this.#name)).instances
    const idsIn = (own: readonly Instance[]) => own.filter((one) => one.token === token).map(({ id }) => id)
    const own = await read()
    let ids = idsIn(own)
    const isRepeated = ids.length > 0 || this.#clock.now() - sequenceOf(token) > UNLISTED_MS
    if (isRepeated && ids.length < count) {
      await this.#clock.sleep(UNLISTED_MS, signal)
      ids = idsIn(await read())
    }
    await this.#wake(
      own.filter((one) => one.token === token && one.status === 'Stopped'),
      token,
      signal,
    )
    if (ids.length >= count) return { token, ids }
    if (ids.length > 0)
      return { token, ids, why: `${ids.length} of ${count} had been launched before the answer was lost` }
    const kept = own.filter((one) => isParked(one) && one.revision === request.revision)
    const woken = await this.#wake(
      kept.filter(({ status }) => status === 'Stopped').slice(0, count),
      token,
      signal,
    )
    if (woken.length === count) return { token, ids: woken }
    const rest = { ...request, count: count - woken.length }
    const others = own.filter((one) => !isParked(one))
    try {
      const { ids: bought, why } = await this.#buy(rest, others, signal)
      return { token, ids: [...woken, ...bought], ...(why !== undefined && { why }) }
    } catch (error) {
      if (woken.length === 0 || !(error instanceof Fault) || error.retry === 'unknown') throw error
      return { token, ids: woken, why: error.message }
    }
  }

  async #wake(
    instances: readonly Instance[],
    token: string,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (instances.length === 0) return []
    try {
      return await wake({ call: this.#shared.call, region: this.#config.region, signal }, instances, token)
    } finally {
      this.#shared.list.changed(this.#name)
    }
  }

  async #buy(request: LaunchRequest, own: readonly Instance[], signal: AbortSignal): Promise<LaunchReceipt> {
    const template = readTemplate(request.template)
    if (template.prefer === 'price')
      await within(this.#clock, PRICES_MS, signal, (either) => this.#refreshPrices(template, either)).catch(
        () => signal.throwIfAborted(),
      )
    try {
      const receipt = await launch(this.#launcher, request, own, signal)
      for (const id of receipt.ids) this.#launched.set(id, this.#clock.now())
      return receipt
    } finally {
      this.#shared.list.changed(this.#name)
    }
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
    if (ready.length < doomed.length)
      throw new Fault(
        'fleet.retire-failed',
        'a server that is being made can be deleted only when that is done',
        {
          source: 'vendor',
          retry: 'yes',
        },
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

  /** Never rejects but for the signal. */
  #refreshPrices({ instanceTypes, spot }: EcsTemplate, signal: AbortSignal): Promise<void> {
    const offers = instanceTypes.flatMap((instanceType) => [
      { instanceType, spot: false },
      ...(spot === null ? [] : [{ instanceType, spot: true }]),
    ])
    return this.#shared.prices.refresh(offers, signal)
  }

  #recent(): Promise<Listing> {
    return this.#shared.list.recent(this.#name, this.#isChanging())
  }

  /** Whether servers of it are on their way in or out: then it is looked at more often. */
  #isChanging(): boolean {
    const now = this.#clock.now()
    return (
      this.#launched.size > 0 ||
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

function forgetOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= KEPT) return
    map.delete(oldest)
  }
}
