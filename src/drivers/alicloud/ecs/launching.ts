import { Fault } from '../../../core/fault.ts'
import type { LaunchReceipt, LaunchRequest } from '../../../core/fleet.ts'
import { sequenceOf } from '../../../core/step.ts'
import type { Clock, Millis } from '../../../core/time.ts'
import { within } from '../../../core/within.ts'
import type { CloudFault } from '../client/cloud-fault.ts'
import { readTemplate } from './config.ts'
import type { Instance } from './instances.ts'
import { type Known, type Launcher, launch } from './launch.ts'
import { isParked, wake } from './parking.ts'
import { offersOf } from './prices.ts'
import type { SharedList } from './shared-list.ts'

/** What has been launched may be missing from a list for a moment. */
export const UNLISTED_MS: Millis = 5_000
/** How long a launch waits for prices: without them the order of the file decides. */
const PRICES_MS = 5_000
/** Receipts kept, so that a token asked twice is answered alike. */
const KEPT = 1_000

export interface LaunchingParts {
  readonly fleet: string
  readonly list: SharedList
  readonly launcher: Launcher
  readonly clock: Clock
}

/** The launches of a fleet: each token once, those that are kept before others are bought. */
export class Launching {
  /** Launched, but perhaps not listed for a moment: since when. */
  readonly fresh = new Map<string, Millis>()
  readonly #parts: LaunchingParts
  readonly #receipts = new Map<string, Promise<LaunchReceipt>>()

  constructor(parts: LaunchingParts) {
    this.#parts = parts
  }

  async launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt> {
    const known = this.#receipts.get(request.token)
    if (known) return await known
    const receipt = this.#launch(request, signal)
    this.#receipts.set(request.token, receipt)
    // One that failed may be tried again.
    receipt.catch(() => this.#receipts.delete(request.token))
    forgetOldest(this.#receipts)
    return await receipt
  }

  /** A list of that time shows these: nobody has to wait for them any more. */
  forget(listed: ReadonlySet<string>, at: Millis): void {
    for (const [id, since] of this.fresh)
      if (listed.has(id) || at - since > UNLISTED_MS) this.fresh.delete(id)
  }

  async #launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt> {
    const { token, count, revision } = request
    // Also when the clock has been set back since.
    const isRepeated = Math.abs(this.#parts.clock.now() - sequenceOf(token)) > UNLISTED_MS
    const own = await this.#current()
    const before = await this.#launchedBefore(request, own, isRepeated, signal)
    if (before !== null) return before
    const parked = own.filter((one) => isParked(one))
    const asleep = parked.filter((one) => one.status === 'Stopped' && one.revision === revision)
    const woken = await this.#wake(asleep.slice(0, count), token, signal)
    if (woken.length === count) return { token, ids: woken }
    const others = own.filter((one) => !parked.includes(one))
    try {
      const missing = { ...request, count: count - woken.length }
      const rest = await this.#buy(missing, { fleet: others, isRepeated }, signal)
      return { ...rest, ids: [...woken, ...rest.ids] }
    } catch (caught) {
      const error = isRepeated ? knownBy(caught) : caught
      if (woken.length === 0 || !(error instanceof Fault) || error.retry === 'unknown') throw error
      return { token, ids: woken, why: error.message }
    }
  }

  /** Servers that bear the token are its servers, however many: a controller before us may have lost the answer. Where that may be, the
   *  list is given time to show them before anything is bought. null = there are none. */
  async #launchedBefore(
    { token, count }: LaunchRequest,
    own: readonly Instance[],
    isRepeated: boolean,
    signal: AbortSignal,
  ): Promise<LaunchReceipt | null> {
    const idsIn = (all: readonly Instance[]) => all.filter((one) => one.token === token).map(({ id }) => id)
    // Marked for this launch, and not started any more.
    const asleep = own.filter((one) => one.token === token && one.status === 'Stopped')
    await this.#wake(asleep, token, signal)
    let ids = idsIn(own)
    if ((isRepeated || ids.length > 0) && ids.length < count) {
      await this.#parts.clock.sleep(UNLISTED_MS, signal)
      ids = idsIn(await this.#current())
    }
    if (ids.length >= count) return { token, ids }
    if (ids.length === 0) return null
    return { token, ids, why: `${ids.length} of ${count} had been launched before the answer was lost` }
  }

  async #current(): Promise<readonly Instance[]> {
    const { list, fleet } = this.#parts
    return (await list.current(fleet)).instances
  }

  async #wake(
    instances: readonly Instance[],
    token: string,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (instances.length === 0) return []
    const { list, fleet, launcher } = this.#parts
    const { call, region } = launcher
    return await wake({ call, region, signal }, instances, token).finally(() => list.changed(fleet))
  }

  async #buy(request: LaunchRequest, known: Known, signal: AbortSignal): Promise<LaunchReceipt> {
    const { list, fleet, launcher, clock } = this.#parts
    const template = readTemplate(request.template)
    const refresh = (either: AbortSignal) => launcher.prices.refresh(offersOf(template), either)
    if (template.prefer === 'price')
      await within(clock, PRICES_MS, signal, refresh).catch(() => signal.throwIfAborted())
    try {
      const receipt = await launch(launcher, request, known, signal)
      for (const id of receipt.ids) this.fresh.set(id, clock.now())
      return receipt
    } finally {
      list.changed(fleet)
    }
  }
}

/** The cloud knows the token of a call that is not this one: the fleet was another one then. The list has had its time to show what it brought,
 *  so nothing is unknown of it any more, and nobody has to wait for it. */
function knownBy(error: unknown): unknown {
  if (!(error instanceof Fault)) return error
  const { code, message, source, cause } = error
  const isMade = (cause as Partial<CloudFault> | undefined)?.code === 'IdempotentParameterMismatch'
  return isMade ? new Fault(code, message, { source, retry: 'no', cause }) : error
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= KEPT) return
    map.delete(oldest)
  }
}
