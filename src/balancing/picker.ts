import type { Algorithm, HashSpec } from '../core/algorithm.ts'
import type { Rng } from '../core/time.ts'
import type { Picker } from './field.ts'
import { first } from './first.ts'
import { hashing } from './hashing.ts'
import { leastConnections } from './least-connections.ts'
import { leastTime } from './least-time.ts'
import { randomTwo } from './random-two.ts'
import { roundRobin } from './round-robin.ts'

export type { Field, Picker } from './field.ts'

/** A picker keeps its place between requests: keep it when the pool's members change, make a new one when its algorithm does. */
export function createPicker(algorithm: Algorithm, hash: HashSpec | null, rng: Rng): Picker {
  switch (algorithm) {
    case 'round-robin':
      return roundRobin(rng)
    case 'least-connections':
      return leastConnections(rng)
    case 'random-two':
      return randomTwo(rng)
    case 'least-time':
      return leastTime(rng)
    case 'source-hash':
    case 'uri-hash':
    case 'header-hash':
    case 'cookie-hash':
      return hashing(hash?.bound ?? null)
    case 'first':
      return first()
    default:
      return algorithm satisfies never
  }
}
