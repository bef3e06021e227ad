/** Who may say on whose behalf it asks. */
export interface TrustSpec {
  /** Networks of the proxies. Nobody else's lists are believed or passed on. */
  readonly networks: readonly string[]
  /** Where these proxies say it; the other header is the client's own and not looked at. */
  readonly header: TrustedHeader
}

export const TRUSTED_HEADERS = ['x-forwarded-for', 'forwarded'] as const
export type TrustedHeader = (typeof TRUSTED_HEADERS)[number]
