import type { Millis } from './time.ts'

/** What somebody found who looked whether a configuration can work. */
export interface Finding {
  /** `problem`: it cannot, or not as it is written. `warning`: it can, for now. */
  readonly level: 'ok' | 'warning' | 'problem'
  /** What was looked at, in a word: `credentials`. */
  readonly about: string
  /** For people. */
  readonly says: string
  /** What to do about it. */
  readonly fix?: string
}

/** About what a problem is where nobody could be asked anything. */
export const UNREACHED = 'network'

/** Something that a doctor can mend, and does only when it is told to. */
export interface Repair {
  /** What it does, as a line of a plan. */
  readonly says: string
  /** Throws Fault. */
  run(signal: AbortSignal): Promise<void>
}

/** Through which the servers of a fleet must be reached. */
export interface NeededPort {
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** null = that of their traffic. */
  readonly port: number | null
  /** For people: `traffic`, `checks of pool api`. */
  readonly why: string
  /** The networks that it comes from, none = somewhere in the same private network; null = wherever our own gateway runs. */
  readonly from: readonly string[] | null
}

/** What a doctor has to know of a fleet beside the driver's own part. */
export interface Patient {
  readonly fleet: string
  /** Servers at most. */
  readonly max: number
  readonly startupMs: Millis
  readonly ports: readonly NeededPort[]
  /** Through which clients come to our own gateway. */
  readonly listeners: readonly NeededPort[]
}

/** Repairs can be run until it is closed. */
export interface Examination extends AsyncDisposable {
  readonly findings: readonly Finding[]
  readonly repairs: readonly Repair[]
}
