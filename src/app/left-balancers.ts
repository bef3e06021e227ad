import { within } from '../controller/within.ts'
import type { BalancerSummary } from '../core/admin.ts'
import type { Purchase } from '../core/balancer.ts'
import { Fault } from '../core/fault.ts'
import type { DrivenBalancer, Settings } from '../core/settings.ts'
import type { Store } from '../core/store.ts'
import type { Host, Millis } from '../core/time.ts'
import { forget, isNamed, leftBalancers, leftPools, placeOf, writeCarried } from './carried.ts'
import { openBalancer } from './open-driver.ts'
import { statePaths } from './paths.ts'
import { nap } from './supervisor.ts'

/** What somebody deletes by hand is told of for so long. */
const LOOK_MS = 600_000
const STATUS_MS = 30_000
/** By then the cloud lists what has been created. */
export const UNLISTED_MS = 10_000

/** Balancers that the file no longer has. One that was created for it is paid until somebody deletes it: it is told of until it is gone. */
export class LeftBalancers {
  readonly #host: Host
  readonly #store: Pick<Store, 'event'>
  /** By where each stands, with what of it is news only once. */
  readonly #known = new Map<string, { readonly summary: BalancerSummary; readonly news: string }>()
  /** Since when each cannot be seen. */
  readonly #unseen = new Map<string, Millis>()
  #settings: Settings
  /** One look after another. */
  #looking: Promise<void> = Promise.resolve()

  constructor(settings: Settings, host: Host, store: Pick<Store, 'event'>) {
    this.#settings = settings
    this.#host = host
    this.#store = store
  }

  get summaries(): readonly BalancerSummary[] {
    return [...this.#known.values()].map(({ summary }) => summary)
  }

  /** From now on the file has these, of which `opened` have just been opened. Throws Fault. */
  async replace(settings: Settings, opened: readonly DrivenBalancer[]): Promise<void> {
    const { stateDir } = settings
    this.#settings = settings
    for (const driven of opened) {
      const { name } = driven.spec
      for (const pool of leftPools(driven, stateDir))
        await this.#say(
          name,
          `${name} has pool ${pool} no more: its group and its servers stay there as they are`,
        )
    }
    writeCarried(stateDir, [...settings.balancers, ...leftBalancers(settings)])
  }

  /** Looks again and again until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look()
      await nap(this.#host.clock, LOOK_MS, signal)
    }
  }

  /** What is still there of each. What cannot be written down is told the next time. */
  async look(): Promise<void> {
    const mine = this.#looking.then(() => this.#look())
    this.#looking = mine.catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error
      this.#host.log.error(error.message, { code: error.code })
    })
    await this.#looking
  }

  async #look(): Promise<void> {
    const left = leftBalancers(this.#settings)
    const places = new Set(left.map(placeOf))
    for (const place of this.#known.keys()) if (!places.has(place)) this.#known.delete(place)
    for (const driven of left) await this.#lookAt(driven)
  }

  async #lookAt(driven: DrivenBalancer): Promise<void> {
    const { name } = driven.spec
    try {
      const purchase = await purchaseOf(driven, this.#settings, this.#host)
      if (purchase === null)
        await this.#say(name, `the file has ${name} no more: listeners and servers stay there as they are`)
      const id = purchase?.id ?? null
      if (id === null) this.#missed(driven)
      // In use, until the file names it no more.
      else if (isNamed(id, this.#settings)) this.#known.delete(placeOf(driven))
      else {
        const left = paidText(name, id, purchase?.price ?? null)
        await this.#note(driven, left, left)
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      await this.#note(
        driven,
        `the file has ${name} no more, and what is left of it is not known: ${error.message}; where nobody can be asked any more, take it out of ${statePaths(this.#settings.stateDir).balancers}`,
        // Each refusal has the id of its own request.
        error.code,
      )
    }
  }

  /** What has just been created is listed a little later. */
  #missed(driven: DrivenBalancer): void {
    const place = placeOf(driven)
    const now = this.#host.clock.now()
    const since = this.#unseen.get(place) ?? now
    this.#unseen.set(place, since)
    if (now - since >= UNLISTED_MS) this.#forget(driven)
  }

  #forget(driven: DrivenBalancer): void {
    this.#known.delete(placeOf(driven))
    this.#unseen.delete(placeOf(driven))
    // A reload may have put it back since it was asked.
    const isLeft = leftBalancers(this.#settings).some((one) => placeOf(one) === placeOf(driven))
    if (isLeft) forget(driven, this.#settings.stateDir)
  }

  /** Told once, and shown until it is gone. */
  async #note(driven: DrivenBalancer, left: string, news: string): Promise<void> {
    const { name } = driven.spec
    this.#unseen.delete(placeOf(driven))
    if (this.#known.get(placeOf(driven))?.news === news) return
    this.#host.log.warn(left, { balancer: name })
    await this.#say(name, left)
    const summary = { name, bound: {}, purchase: null, blind: null, left, canaries: [] }
    this.#known.set(placeOf(driven), { summary, news })
  }

  async #say(name: string, text: string): Promise<void> {
    const at = this.#host.clock.now()
    await this.#store.event({ at, scope: `balancer:${name}`, kind: 'config', text })
  }
}

/** null = the file had not ordered it. Throws Fault. */
export async function purchaseOf(
  driven: DrivenBalancer,
  settings: Settings,
  host: Host,
): Promise<Purchase | null> {
  await using opened = await openBalancer(driven, settings, host)
  const { purchase = null } = await within(host.clock, STATUS_MS, (over) => opened.balancer.status(over))
  return purchase
}

function paidText(name: string, id: string, price: string | null): string {
  const costs = price === null ? '' : `, ${price}`
  return `the file orders ${name} no more, and ${id}, which was created for it, is paid${costs}; delete it there, or with \`tidegate down --balancers\`, or put it back`
}
