/** A straight line's rise and the half width of its 95 % interval. */
export interface Slope {
  readonly slope: number
  readonly plusMinus: number
}

/** Of the normal distribution: with the dozens of points there are, Student's is within a few per cent of it. */
const TWO_SIDED_95 = 1.96

/** Least squares through (x, y); neighbours are taken as independent, so a wandering series has a wider interval than is told. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope | null {
  const n = points.length
  if (n < 3) return null
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n
  const sxx = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  const sxy = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  const slope = sxy / sxx
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  return { slope, plusMinus: TWO_SIDED_95 * Math.sqrt(rest / (n - 2) / sxx) }
}
