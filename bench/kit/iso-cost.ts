/** What a policy at one target costs, and who waits. */
export interface Point {
  readonly violationsPct: number
  readonly costToClairvoyant: number
}

/** A policy at several targets, by rising cost. */
export type Curve = readonly Point[]

/** Of several traces, target by target. */
export function meanCurve(curves: readonly Curve[]): Curve {
  return curves[0]!.map((_, target) => meanPoint(curves.map((curve) => curve[target]!)))
}

export function meanPoint(points: readonly Point[]): Point {
  const mean = (key: keyof Point) => points.reduce((sum, point) => sum + point[key], 0) / points.length
  return { violationsPct: mean('violationsPct'), costToClairvoyant: mean('costToClairvoyant') }
}

/** The target that costs so much, as its place in the curve: 0.5 = half-way from the first to the second. Ends at the ends of the curve. */
export function placeAt(curve: Curve, cost: number): number {
  const after = curve.findIndex(({ costToClairvoyant }) => costToClairvoyant > cost)
  if (after === 0) return 0
  if (after < 0) return curve.length - 1
  const [from, to] = [curve[after - 1]!.costToClairvoyant, curve[after]!.costToClairvoyant]
  return after - 1 + (cost - from) / (to - from)
}

/** Costs on a straight line between two targets, violations on a logarithmic one. */
export function pointAt(curve: Curve, place: number): Point {
  const [from, to] = [curve[Math.floor(place)]!, curve[Math.ceil(place)]!]
  const share = place - Math.floor(place)
  const between = (a: number, b: number) => a + share * (b - a)
  return {
    violationsPct: Math.exp(between(Math.log(from.violationsPct), Math.log(to.violationsPct))),
    costToClairvoyant: between(from.costToClairvoyant, to.costToClairvoyant),
  }
}
