import type { Rng } from '../../../core/time.ts'

/** 128 bits: the cloud refuses one that it has seen within a quarter of an hour. */
export function nonceFrom(rng: Rng): string {
  const word = () =>
    Math.floor(rng() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return `${word()}${word()}${word()}${word()}`
}
