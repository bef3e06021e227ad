/** Every list of the admin API. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Where the next page starts (`before` or `after`, by list); null = this is the last one. */
  readonly next: number | null
}

/** Every error of the admin API (RFC 9457, application/problem+json). */
export interface ProblemDetails {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** A FaultCode. */
  readonly code: string
}

/** Where the admin API answers when the configuration does not say. */
export const DEFAULT_ADMIN = { host: '127.0.0.1', port: 9900 } as const

/** Header that says on whose behalf an order is given, for the journal. */
export const BY_HEADER = 'x-tidegate-by'
