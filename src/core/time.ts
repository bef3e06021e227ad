/** Milliseconds: a duration, or an instant in milliseconds since the Unix epoch. Instants end in `At`, durations in `Ms`. */
export type Millis = number

/** The only source of time. `now` is the wall clock at start plus monotonic time since, so it never goes back. */
export interface Clock {
  now(): Millis
  /** Calls `ring` after `ms`, unless what it gives is called before: for limits that nearly never pass, since a sleep that a signal ends costs
   *  many times as much. */
  after(ms: Millis, ring: () => void): () => void
  /** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
  sleep(ms: Millis, signal: AbortSignal): Promise<void>
}

/** The only source of chance: uniform in [0, 1). */
export type Rng = () => number

/** Structured log lines. `fields` must not hold secrets. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** What the program lends to a driver. */
export interface Host {
  readonly clock: Clock
  readonly rng: Rng
  readonly log: Logger
  /** `name:` of the configuration or a hash of its real path: tags everything that this installation owns. */
  readonly installation: string
  /** The state directory, an absolute path. */
  readonly stateDir: string
}
