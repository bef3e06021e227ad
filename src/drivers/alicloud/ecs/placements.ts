import {
  byDearness,
  type CarbonRates,
  type CarbonSpec,
  type Dearness,
  dearness,
  gramsAt,
  usualWhereUnknown,
} from '../../../core/carbon.ts'
import type { Clock, Millis } from '../../../core/time.ts'
import type { EcsTemplate } from './config.ts'
import type { Instance } from './instances.ts'
import type { Offer, Prices } from './prices.ts'

/** Where a server may be bought, as what, and how. */
export interface Placement extends Offer {
  readonly vSwitch: string
}

/** Dearer than all, and as the file has them among themselves. */
const UNKNOWN: Dearness = { price: Number.MAX_VALUE, grams: 0 }

/** As long as the controllers of Karpenter remember it. */
const REMEMBERED_MS = 5 * 60_000

/** Which placements have had nothing lately. */
export class Shortages {
  readonly #clock: Clock
  readonly #untilAt = new Map<string, Millis>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note(placement: Placement): void {
    this.#untilAt.set(nameOf(placement), this.#clock.now() + REMEMBERED_MS)
  }

  isShort(placement: Placement): boolean {
    return (this.#untilAt.get(nameOf(placement)) ?? 0) > this.#clock.now()
  }
}

/** What a launch goes by where it may choose. */
export interface Choice extends Pick<CarbonSpec, 'perTonne'> {
  /** null = its price is not known. */
  readonly priceOf: (offer: Offer) => number | null
  /** That an hour there makes, null = anywhere; null = not known, or not counted. */
  readonly gramsOf: (instanceType: string, vSwitch: string | null) => number | null
}

/** Where nothing is known that could decide. */
export const NO_CHOICE: Choice = { priceOf: () => null, gramsOf: () => null, perTonne: 0 }

/** By the last prices, and by the carbon at that time. A zone is known by the servers that stand there, of `fleet`. */
export function choiceOf(
  { prices, carbon }: { readonly prices: Pick<Prices, 'of'>; readonly carbon: CarbonRates | null },
  fleet: readonly Instance[],
  at: Millis,
): Choice {
  const grams = carbon && gramsAt(carbon, at, null)
  const zoneOf = (vSwitch: string | null) => fleet.find((one) => one.vSwitch === vSwitch)?.zone
  return {
    priceOf: (offer) => prices.of(offer, null),
    gramsOf: (type, vSwitch) => grams?.({ type, zone: zoneOf(vSwitch) }) ?? null,
    perTonne: carbon?.carbon.perTonne ?? 0,
  }
}

export function nameOf({ vSwitch, instanceType, spot }: Placement): string {
  return `${vSwitch} ${instanceType || 'the type of the launch template'}${spot ? ' (spot)' : ''}`
}

/** All placements in the order in which they are tried: on the spot market before on demand, the preferred type first, and of zones the
 *  one with the fewest servers of the fleet, of two the one where power makes less carbon. */
export function placementsOf(
  template: EcsTemplate,
  fleet: readonly Instance[],
  choice: Choice,
): readonly Placement[] {
  const { vSwitches, instanceTypes, spot } = template
  const [anyType = ''] = instanceTypes
  const count = (vSwitch: string) => fleet.filter((one) => one.vSwitch === vSwitch).length
  const grams = usualWhereUnknown(vSwitches, (vSwitch) => choice.gramsOf(anyType, vSwitch))
  const zones = vSwitches.toSorted((a, b) => count(a) - count(b) || grams(a) - grams(b))
  const of = (isSpot: boolean) =>
    typesOf(template, isSpot, choice).flatMap((instanceType) =>
      zones.map((vSwitch) => ({ vSwitch, instanceType, spot: isSpot })),
    )
  return spot === null ? of(false) : [...of(true), ...of(false)]
}

/** The cheapest first where prices decide; those without a price last, as the file has them. */
function typesOf(
  { instanceTypes, prefer }: EcsTemplate,
  spot: boolean,
  { priceOf, gramsOf, perTonne }: Choice,
): readonly string[] {
  if (instanceTypes.length === 0) return ['']
  if (prefer === 'order') return instanceTypes
  const grams = usualWhereUnknown(instanceTypes, (type) => gramsOf(type, null))
  const against = (instanceType: string): Dearness => {
    const price = priceOf({ instanceType, spot })
    return price === null ? UNKNOWN : dearness(price, grams(instanceType), { perTonne })
  }
  return instanceTypes.toSorted((a, b) => byDearness(against(a), against(b)))
}

/** How many of the next `count` are bought on demand, whatever the market has: the base, and of the others those that are no spot servers.
 *  Of a fleet without spot servers this is nobody's question. */
export function onDemandOf({ spot }: EcsTemplate, fleet: readonly Instance[], count: number): number {
  if (spot === null) return 0
  const total = fleet.length + count
  const others = Math.max(0, total - spot.base)
  const wanted = Math.min(total, spot.base) + others - Math.round(others * spot.share)
  const held = fleet.filter(({ isSpot }) => !isSpot).length
  return Math.min(count, Math.max(0, wanted - held))
}

/** A number that no other placement of the template has, and no other call for this one; whatever the order in which they are tried. */
export function numberOf(
  template: EcsTemplate,
  { vSwitch, instanceType, spot }: Placement,
  nthCall: number,
): number {
  const { vSwitches, instanceTypes } = template
  const kinds = Math.max(1, instanceTypes.length)
  const kind = (template.spot === null || spot ? 0 : kinds) + Math.max(0, instanceTypes.indexOf(instanceType))
  return (nthCall * 2 * kinds + kind) * vSwitches.length + vSwitches.indexOf(vSwitch)
}

/** How many of `count` each placement is asked for at first, so that zones come to have the same number. `held`: servers of the fleet by
 *  zone, in the order of `zones`. */
export function spreadOver(held: readonly number[], count: number): readonly number[] {
  const shares = held.map(() => 0)
  for (let left = count; left > 0; left--) {
    let fewest = 0
    for (let i = 1; i < held.length; i++)
      if (held[i]! + shares[i]! < held[fewest]! + shares[fewest]!) fewest = i
    shares[fewest]! += 1
  }
  return shares
}
