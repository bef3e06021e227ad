/** HTTP/2 towards clients. */
export interface Http2Spec {
  /** Requests at once on one connection. */
  readonly streams: number
  /** Requests that a client may cancel within ten seconds, a connection; more end it (CVE-2023-44487). */
  readonly resets: number
}

/** What holds when nothing is said. */
export const HTTP2: Http2Spec = { streams: 100, resets: 200 }
