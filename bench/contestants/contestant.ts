/** A proxy under test, running, in front of `upstream`. */
export interface Running {
  readonly url: string
  /** The process whose CPU and memory count. */
  readonly pid: number
  stop(): Promise<void>
}

export interface Contestant {
  readonly name: string
  /** Why it cannot take part here; null when it can. */
  missing(): string | null
  start(upstream: { host: string; port: number }): Promise<Running>
}
