import type { Outcome } from '../run.ts'
import { escaped } from './escape.ts'

const [WIDTH, HEIGHT, MARGIN] = [1000, 320, 40]
/** Fewer violations than this share one line: nobody can tell them apart. */
const LEAST_PCT = 0.01

/** What each outcome gives for its money: cost to the right, violations upwards on a logarithmic scale, so that lower left is better. Targets of
 *  one policy are joined. */
export function pareto(outcomes: readonly Outcome[], label: string): string {
  const places = outcomes.map(({ name, costToClairvoyant, violationsPct }) => ({
    name,
    cost: costToClairvoyant,
    level: Math.log10(Math.max(LEAST_PCT, violationsPct)),
  }))
  const x = scale(
    places.map(({ cost }) => cost),
    MARGIN,
    WIDTH - 3 * MARGIN,
  )
  const y = scale(
    places.map(({ level }) => level),
    HEIGHT - MARGIN,
    MARGIN,
  )
  const dots = places.map(({ name, cost, level }) => {
    const [left, top] = [x(cost), y(level)]
    return `<circle cx="${left}" cy="${top}" r="4"/><text x="${left + 7}" y="${top + 4}">${escaped(name)}</text>`
  })
  const families = Map.groupBy(places, ({ name }) => name.replace(/@.*/, ''))
  const lines = [...families.values()].map((family) => {
    const points = family
      .toSorted((a, b) => a.cost - b.cost)
      .map(({ cost, level }) => `${x(cost)},${y(level)}`)
    return `<polyline points="${points.join(' ')}"/>`
  })
  return [
    `<figure class="pareto"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(label)}">`,
    ...lines,
    ...dots,
    `</svg><figcaption>${escaped(label)}</figcaption></figure>`,
  ].join('')
}

/** From the lowest of the values to the highest, in whole pixels. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return (value) =>
    Math.round(high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2)
}
