import type { Millis } from './time.ts'

/** How the requests of a rule move from one pool to another, and what stops that. */
export interface CanarySpec {
  /** What commands, statistics and the journal call it; unique in the file. */
  readonly name: string
  /** What more of the requests each step gives, from 0.0001 to 1. */
  readonly step: number
  /** The shortest time of a step. */
  readonly intervalMs: Millis
  /** Of either pool and within the step; with fewer nothing is judged. */
  readonly minRequests: number
  /** So much lower the success rate may be, from 0 to 1. */
  readonly successDrop: number
  /** So much longer the 95th percentile may be, as a share of the old pool's. */
  readonly p95Rise: number
}

/** What of the requests of one pool, or of one step, has ended. */
export interface ArmCounts {
  readonly requests: number
  /** Those of them answered 5xx, or not wholly. */
  readonly errors: number
  /** Times from a request's head to the end of its answer, by bucket of LATENCY_BOUNDS_MS. */
  readonly latency: readonly number[]
}

export interface Arms {
  readonly stable: ArmCounts
  readonly canary: ArmCounts
}

/**
 *   progressing <-> held          by order
 *   progressing -> promoted       after its last step, or by order
 *   progressing, held -> rolled-back   when it is worse, or by order
 *   rolled-back -> progressing    by order, from the first step
 */
export type CanaryPhase = 'progressing' | 'held' | 'promoted' | 'rolled-back'

/** What operators may order of one. */
export const CANARY_ACTIONS = ['promote', 'abort', 'hold', 'resume'] as const
export type CanaryAction = (typeof CANARY_ACTIONS)[number]

/** How far one has come, as people are told. */
export interface CanaryStatus {
  readonly name: string
  /** The two pools; with others it would be another one. */
  readonly stable: string
  readonly canary: string
  readonly phase: CanaryPhase
  /** Of the requests, that go to the canary: from 0 to 1. */
  readonly share: number
  /** Of this share and phase. */
  readonly sinceAt: Millis
  /** Why it is where it is, for people. */
  readonly says: string
}

/** And what it is judged by. */
export interface CanaryState extends CanaryStatus {
  /** What has ended since this share began. */
  readonly counted: Arms
  /** The gateway's counters at the last look; null = there was none. */
  readonly seen: Arms | null
}

/** The names under which the gateway counts the two sides. */
export function armsOf(name: string): { readonly stable: string; readonly canary: string } {
  return { stable: `${name}/stable`, canary: `${name}/canary` }
}

/** `7.5 %` */
export function percentText(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`
}

/** One line for people. */
export function canaryText({ name, stable, canary, phase, share, says }: CanaryStatus): string {
  return `canary ${name}: ${phase}, ${percentText(share)} of the requests of ${stable} go to ${canary}: ${says}`
}
