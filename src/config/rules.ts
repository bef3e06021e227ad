import type { RuleSpec } from '../core/balancer.ts'

type Match = Pick<RuleSpec, 'host' | 'path'>

/** Does everything that `later` matches match `earlier` too? */
export function covers(earlier: Match, later: Match): boolean {
  return hostCovers(earlier.host, later.host) && pathCovers(earlier.path, later.path)
}

function hostCovers(earlier: string | undefined, later: string | undefined): boolean {
  if (earlier === undefined) return true
  if (later === undefined) return false
  return earlier === later || (earlier.startsWith('*.') && later.endsWith(earlier.slice(1)))
}

function pathCovers(earlier: string | undefined, later: string | undefined): boolean {
  if (earlier === undefined || earlier === '/*') return true
  if (later === undefined) return false
  if (earlier === later) return true
  if (!earlier.endsWith('/*')) return false
  const prefix = earlier.slice(0, -2)
  return later === prefix || later.startsWith(`${prefix}/`)
}
