import type { Contestant, Role, Running, Setup } from '../contestants/contestant.ts'

/** How long and how often. `quick` is to see that everything works, not to believe its figures. */
export interface Effort {
  readonly rounds: number
  readonly seconds: number
  /** Of `p99-at-half-load`. */
  readonly alternations: number
  readonly idleConnections: number
  readonly streamBytes: number
  readonly bulkBytes: number
}

export const FULL: Effort = {
  rounds: 5,
  seconds: 4,
  alternations: 9,
  idleConnections: 10_000,
  streamBytes: 2 ** 30,
  bulkBytes: 2 ** 30,
}
export const QUICK: Effort = {
  rounds: 1,
  seconds: 1,
  alternations: 1,
  idleConnections: 200,
  streamBytes: 2 ** 26,
  bulkBytes: 2 ** 26,
}

export interface Field {
  readonly certificate: Setup['certificate']
  readonly effort: Effort
  readonly taking: readonly Contestant[]
}

export interface Outcome {
  readonly case: string
  /** Who does not take part, and why. */
  readonly missing: readonly string[]
  readonly contestants: readonly object[]
  /** What went wrong, when something did. */
  readonly failed?: string
}

export interface Case {
  readonly name: string
  /** Why it cannot be run here; null when it can. */
  missing?(): string | null
  run(field: Field): Promise<Outcome>
}

/** Those that can do it, and why the others cannot. */
export function whoTakesPart(
  field: Field,
  role: Role,
  group: Setup['group'] = 'X25519',
): { able: readonly Contestant[]; missing: readonly string[] } {
  const whys = field.taking.map((contestant) => contestant.missing({ role, group }))
  return {
    able: field.taking.filter((_, n) => whys[n] === null),
    missing: whys.filter((why) => why !== null),
  }
}

export function portOf(running: Pick<Running, 'url'>): number {
  return Number(new URL(running.url).port)
}
