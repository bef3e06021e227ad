import type { BalancerSpec, Bind } from './balancer.ts'
import type { MetricName } from './metrics.ts'
import type { FleetSpec } from './policy.ts'
import type { Millis } from './time.ts'

/** One source of metrics that the file defines, with all that it is asked. */
export interface SourceSpec {
  /** As `MetricInfo.from` has it. */
  readonly name: string
  readonly driver: string
  /** The driver's own part, and its part of each metric, validated by it. May hold secrets. */
  readonly config: unknown
  readonly queries: Readonly<Record<MetricName, unknown>>
  /** Both with the placeholders of secrets in their place; null where the driver takes none there. */
  readonly written: { readonly config: unknown; readonly queries: Readonly<Record<MetricName, unknown>> }
}

/** A balancer that somebody else runs, with what it is to carry. */
export interface DrivenBalancer {
  readonly driver: string
  /** The driver's own part, validated by it. May hold secrets. */
  readonly config: unknown
  readonly spec: BalancerSpec
}

/** The whole configuration, resolved: defaults filled in, durations in ms, paths absolute. */
export interface Settings {
  /** Path of the file, absolute. */
  readonly file: string
  readonly installation: string
  /** Absolute. */
  readonly stateDir: string
  readonly admin: {
    readonly bind: Bind
    /** Path of the token file, absolute; null = nobody needs a token. */
    readonly tokens: string | null
    /** Further names by which the API may be addressed; lower case. */
    readonly hosts: readonly string[]
  }
  readonly gateway: { readonly workers: number }
  readonly history: { readonly maxBytes: number }
  /** When a log has grown to `maxBytes` it is set aside; so many former ones are kept. */
  readonly logs: { readonly maxBytes: number; readonly keep: number }
  /** What our own gateway carries. */
  readonly balancer: BalancerSpec
  /** Those beside it. */
  readonly balancers: readonly DrivenBalancer[]
  readonly sources: readonly SourceSpec[]
  readonly fleets: readonly FleetSpec[]
  /** auto = whenever a file changes. */
  readonly reload: 'auto' | 'manual'
  readonly tickMs: Millis
}

/** Something wrong with the file. */
export interface Problem {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** `pools.api.health.interval` */
  readonly path: string
  /** What is wrong, what was expected, and a suggestion. */
  readonly message: string
  readonly level: 'error' | 'warning'
  /** A warning of a value that is only outside its advised range. */
  readonly advice?: true
}
