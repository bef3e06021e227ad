import type { Model } from './model.ts'

/** It stays as it is. */
export const lastValue: Model = {
  name: 'last',
  fit: (values) =>
    values.length === 0 ? null : (known, ahead) => new Float64Array(ahead).fill(known.at(-1)!),
}

/** It will be as it was so many days ago. */
export function seasonalNaive(name: string, days: number): Model {
  return {
    name,
    fit(values, season) {
      const lag = days * season
      if (values.length < lag) return null
      return (known, ahead) =>
        Float64Array.from({ length: ahead }, (_, step) => known[known.length - lag + (step % lag)]!)
    },
  }
}
