import { type Model, NOTHING } from './model.ts'

/** It stays as it is. */
export const lastValue: Model = {
  name: 'last',
  fit: ({ values }) => (values.length === 0 ? null : NOTHING),
  forecast: (_learned, { values }, ahead) => new Float64Array(ahead).fill(values.at(-1)!),
}

/** It will be as it was so many days ago. */
export function daysAgo(name: string, days: number): Model {
  return {
    name,
    fit: ({ values, day }) => (values.length < days * day ? null : NOTHING),
    forecast(_learned, { values, day }, ahead) {
      const first = values.length - days * day
      return Float64Array.from({ length: ahead }, (_, step) => values[first + (step % (days * day))]!)
    },
  }
}
