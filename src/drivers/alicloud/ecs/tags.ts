/** By these tags, written in the call that makes a server, Tidegate knows its own. */
export const TAGS = {
  installation: 'tidegate:installation',
  fleet: 'tidegate:fleet',
  token: 'tidegate:token',
  revision: 'tidegate:revision',
} as const
