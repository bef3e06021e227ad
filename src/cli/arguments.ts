import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../core/units.ts'

/** A whole number in these bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`)
  }
}

/** A duration above 0, in ms. */
export function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms !== null && ms > 0) return ms
  throw new InvalidArgumentError('Expected a duration such as 90s, 30m or 1h30m.')
}
