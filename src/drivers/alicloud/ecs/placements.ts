import type { Clock, Millis } from '../../../core/time.ts'
import type { EcsTemplate } from './config.ts'
import type { Instance } from './instances.ts'

/** Where a server may be bought, as what, and how. */
export interface Placement {
  readonly vSwitch: string
  /** '' = that of the launch template. */
  readonly instanceType: string
  readonly spot: boolean
}

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

export function nameOf({ vSwitch, instanceType, spot }: Placement): string {
  return `${vSwitch} ${instanceType || 'the type of the launch template'}${spot ? ' (spot)' : ''}`
}

/** All placements in the order in which they are tried: the preferred type first, on the spot market before on demand, and of zones the
 *  one with the fewest servers of the fleet. */
export function placementsOf(template: EcsTemplate, fleet: readonly Instance[]): readonly Placement[] {
  const { vSwitches, instanceTypes, spot } = template
  const count = (vSwitch: string) => fleet.filter((one) => one.vSwitch === vSwitch).length
  const zones = vSwitches.toSorted((a, b) => count(a) - count(b))
  const types = instanceTypes.length === 0 ? [''] : instanceTypes
  const of = (isSpot: boolean) =>
    types.flatMap((instanceType) => zones.map((vSwitch) => ({ vSwitch, instanceType, spot: isSpot })))
  return spot === null ? of(false) : [...of(true), ...of(false)]
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
