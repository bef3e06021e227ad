import type { Millis } from '../../core/time.ts'
import type { ServerShape } from '../../scaling/erlang.ts'
import type { Meter } from '../fluid/meter.ts'

/** All that a policy may look at in a tick: what is, and what was measured. */
export interface Scene {
  /** Since the beginning. */
  readonly now: Millis
  readonly serving: number
  /** Serving and starting. */
  readonly have: number
  readonly server: ServerShape
  readonly min: number
  readonly max: number
  readonly meter: Meter
}

/** How many servers there should be, and in a sentence why. */
export interface Wish {
  readonly want: number
  readonly why: string
}

export type Policy = (scene: Scene) => Wish

/** A way to scale that others have, by its documentation. */
export interface Rival {
  readonly name: string
  /** Where its rules are written down. */
  readonly source: string
  /** The share of a server that it aims at where none is given; null = it has no such target. */
  readonly target: number | null
  /** How often it decides. */
  readonly everyMs: Millis
  /** What it takes beyond a server's own start-up until that one serves. */
  readonly attachMs?: Millis
  /** Servers that it begins with, where those are not for the first load. */
  start?(peakRps: number, perServer: number): number
  /** A policy with a memory of its own, for one run. */
  create(target: number): Policy
}

/** A policy with a memory of its changes has to know which of them come to nothing. */
export function inLimits(want: number, { min, max }: Pick<Scene, 'min' | 'max'>): number {
  return Math.max(min, Math.min(max, want))
}
