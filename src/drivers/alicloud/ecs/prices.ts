import type { Clock, Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { Outcome } from '../client/cloud-fault.ts'
import type { Fields } from '../client/fields.ts'
import type { EcsTemplate } from './config.ts'

/** The spot market looks at its prices every five minutes. */
const FRESH_MS = 5 * 60_000
/** Prices of one instance by the hour without a contract; those of the spot market differ by zone. */
type ByZone = ReadonlyMap<string, number>
const ANYWHERE = ''

/** What a server may be bought as. */
export interface Offer {
  /** '' = that of the launch template. */
  readonly instanceType: string
  readonly spot: boolean
}

/** All that a template may buy. */
export function offersOf({ instanceTypes, spot }: EcsTemplate): readonly Offer[] {
  return instanceTypes.flatMap((instanceType) => [
    { instanceType, spot: false },
    ...(spot === null ? [] : [{ instanceType, spot: true }]),
  ])
}

interface Means {
  readonly call: CallCloud
  readonly region: string
  readonly clock: Clock
}

/** What instances cost now, for all fleets of an account and region. Whoever asks for a price gets the last that could be read. */
export class Prices {
  readonly #means: Means
  readonly #known = new Map<string, ByZone>()
  readonly #readAt = new Map<string, Millis>()

  constructor(means: Means) {
    this.#means = means
  }

  /** null = it is not known. Of a zone that is not named, or has none of its own: the lowest. */
  of(offer: Offer, zone: string | null): number | null {
    const prices = this.#known.get(nameOf(offer))
    if (prices === undefined || prices.size === 0) return null
    return prices.get(zone ?? ANYWHERE) ?? Math.min(...prices.values())
  }

  /** Reads those that are old. What cannot be read stays as it was, and is asked for again when it would be old. */
  async refresh(offers: readonly Offer[], signal: AbortSignal): Promise<void> {
    const now = this.#means.clock.now()
    const named = offers.filter(({ instanceType }) => instanceType !== '')
    const old = named.filter((offer) => now - (this.#readAt.get(nameOf(offer)) ?? -FRESH_MS) >= FRESH_MS)
    for (const offer of old) this.#readAt.set(nameOf(offer), now)
    await Promise.all(
      old.map(async (offer) => {
        const outcome = await (offer.spot ? spotPrices : listPrice)(this.#means, offer.instanceType, signal)
        if (outcome.ok) this.#known.set(nameOf(offer), outcome.value)
      }),
    )
  }
}

function nameOf({ instanceType, spot }: Offer): string {
  return `${instanceType}${spot ? ' spot' : ''}`
}

function listPrice(
  { call, region }: Means,
  instanceType: string,
  signal: AbortSignal,
): Promise<Outcome<ByZone>> {
  // Types of these years take no disk of the standard category.
  const SystemDisk = { Category: 'cloud_essd' }
  const query = { RegionId: region, InstanceType: instanceType, PriceUnit: 'Hour', SystemDisk }
  const read = (answer: Fields): ByZone => new Map([[ANYWHERE, instancePrice(answer)]])
  return call({ product: 'ecs', action: 'DescribePrice', query, read }, signal)
}

/** Without its disk, where the answer has it apart. */
function instancePrice(answer: Fields): number {
  const price = answer.inside('PriceInfo').inside('Price')
  const parts = price.has('DetailInfos') ? price.inside('DetailInfos').list('DetailInfo') : []
  return (parts.find((part) => part.text('Resource') === 'instanceType') ?? price).number('TradePrice')
}

/** The last of each zone. */
function spotPrices(
  { call, region }: Means,
  instanceType: string,
  signal: AbortSignal,
): Promise<Outcome<ByZone>> {
  const query = { RegionId: region, InstanceType: instanceType, NetworkType: 'vpc' }
  const read = (answer: Fields): ByZone => {
    const points = answer.inside('SpotPrices').list('SpotPriceType')
    const byTime = points.toSorted(
      (a, b) => Date.parse(a.text('Timestamp')) - Date.parse(b.text('Timestamp')),
    )
    return new Map(byTime.map((point) => [point.text('ZoneId'), point.number('SpotPrice')]))
  }
  return call({ product: 'ecs', action: 'DescribeSpotPriceHistory', query, read }, signal)
}
