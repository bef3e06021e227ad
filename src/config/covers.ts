import { containsNetwork, parseNetwork } from '../core/network.ts'
import type { FieldMatch, MatchSpec } from '../core/rule.ts'
import { regexFinds, regexProblem } from './regex.ts'

/** Does everything that `later` matches match `earlier` too? No where it cannot tell: a rule that could match is never refused. */
export function covers(earlier: MatchSpec, later: MatchSpec): boolean {
  return (
    hostCovers(earlier.host, later.host) &&
    pathCovers(earlier.path, later.path) &&
    regexCovers(earlier.pathRegex, later) &&
    listCovers(earlier.methods, later.methods, (one, other) => one === other) &&
    fieldsCover(earlier.headers, later.headers) &&
    fieldsCover(earlier.cookies, later.cookies) &&
    fieldsCover(earlier.query, later.query) &&
    listCovers(earlier.sources, later.sources, networkCovers) &&
    listCovers(earlier.types, later.types, typeCovers) &&
    sizeCovers(earlier.size, later.size) &&
    listCovers(earlier.clientCertificate, later.clientCertificate, nameCovers)
  )
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

function regexCovers(earlier: string | undefined, { path, pathRegex }: MatchSpec): boolean {
  if (earlier === undefined || earlier === pathRegex) return true
  const isExact = path !== undefined && !path.endsWith('/*')
  return isExact && regexProblem(earlier) === null && regexFinds(earlier, path)
}

/** One of several: each of `later` must be within one of `earlier`. */
function listCovers(
  earlier: readonly string[] | undefined,
  later: readonly string[] | undefined,
  includes: (one: string, other: string) => boolean,
): boolean {
  if (earlier === undefined) return true
  return later?.every((other) => earlier.some((one) => includes(one, other))) ?? false
}

function networkCovers(earlier: string, later: string): boolean {
  return containsNetwork(parseNetwork(earlier)!, parseNetwork(later)!)
}

function typeCovers(earlier: string, later: string): boolean {
  return earlier === later || (earlier.endsWith('/*') && later.startsWith(earlier.slice(0, -1)))
}

function nameCovers(earlier: string, later: string): boolean {
  return earlier === '*' || earlier === later
}

/** All of several: each of `earlier` must follow from one of `later`. */
function fieldsCover(earlier: readonly FieldMatch[] = [], later: readonly FieldMatch[] = []): boolean {
  return earlier.every((one) => later.some((other) => fieldCovers(one, other)))
}

function fieldCovers(earlier: FieldMatch, later: FieldMatch): boolean {
  if (earlier.name !== later.name) return false
  switch (earlier.is) {
    case 'present':
      return later.is !== 'absent'
    case 'absent':
      return later.is === 'absent'
    case 'exact':
      return later.is === 'exact' && later.value === earlier.value
    case 'prefix':
      return (later.is === 'exact' || later.is === 'prefix') && later.value.startsWith(earlier.value)
    case 'regex':
      if (later.is === 'regex') return later.value === earlier.value
      return (
        later.is === 'exact' && regexProblem(earlier.value) === null && regexFinds(earlier.value, later.value)
      )
    default:
      return earlier satisfies never
  }
}

function sizeCovers(earlier: MatchSpec['size'], later: MatchSpec['size']): boolean {
  if (earlier === undefined) return true
  const { least, most } = later ?? { least: 0, most: null }
  return earlier.least <= least && (earlier.most === null || (most !== null && most <= earlier.most))
}
