import { type Known, type Model, NOTHING } from './model.ts'

/** It stays as it is. */
export const lastValue: Model = {
  name: 'last',
  fit: ({ values }) => (values.length === 0 ? null : NOTHING),
  forecast: (_learned, { values }, ahead) => new Float64Array(ahead).fill(values.at(-1)!),
}

/** It will be as it was so many days ago. */
export function daysAgo(name: string, days: number): Model {
  return agoBy(name, ({ day }) => days * day)
}

/** It will be as it was a period ago, where that is no day. */
export const periodAgo: Model = agoBy('a-period-ago', ({ season, day }) => (season === day ? null : season))

function agoBy(name: string, lagOf: (known: Known) => number | null): Model {
  return {
    name,
    fit(known) {
      const lag = lagOf(known)
      return lag === null || known.values.length < lag ? null : NOTHING
    },
    forecast(_learned, known, ahead) {
      const { values } = known
      const lag = lagOf(known)!
      return Float64Array.from({ length: ahead }, (_, step) => values[values.length - lag + (step % lag)]!)
    },
  }
}
