import { formatAddress, type MemberSpec } from '../../../core/balancer.ts'

/** Where a server of a group takes traffic. */
export interface Place {
  /** As the cloud calls it: an instance, or an address. */
  readonly server: string
  readonly ip: string
  readonly port: number
}

/** What the cloud's own checks say. It says nothing of use about a server of weight 0. */
export type Health = 'normal' | 'abnormal' | 'unknown'

/** One server of a group, as the cloud has it. */
export interface Backend extends Place {
  /** 0 to 100. */
  readonly weight: number
  /** Who put it there: `markOf`, or whatever others write. */
  readonly mark: string
  readonly health: Health
}

/** The heaviest that the cloud knows. */
export const HEAVIEST = 100

/** One server has one port in a group but once. */
export function keyOf({ server, port }: Pick<Place, 'server' | 'port'>): string {
  return `${server}:${port}`
}

/** Where whoever does not know the cloud reaches it. */
export function addressOf({ ip, server, port }: Place): string {
  return formatAddress({ host: ip || server, port })
}

/** Written beside a server when it is added, so that nobody's else is ever touched; a restarted controller finds its own by it. Of letters,
 *  digits and `-/._` alone, for CLB takes no others:
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createvservergroup */
export function markOf(installation: string, { id, fixed }: Owned): string {
  return `${prefixOf(installation, fixed)}${written(id)}`
}

function prefixOf(installation: string, fixed: boolean): string {
  return `tidegate/${installation}/${fixed ? 'file' : 'fleet'}/`
}

/** Whatever else an id has, such as the colon of an address, by its code: `10.0.0.1_3A80`. */
function written(id: string): string {
  const escaped = encodeURIComponent(id).replace(/[!~*'()_]/g, (sign) => `%${codeOf(sign)}`)
  return escaped.replaceAll('%', '_')
}

function codeOf(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase()
}

/** The other way round; null = nobody has written it so. */
function idIn(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('_', '%'))
  } catch {
    return null
  }
}

interface Owned {
  readonly id: string
  /** The file names it. */
  readonly fixed: boolean
}

/** null = it is somebody else's. */
export function ownedBy(installation: string, mark: string): Owned | null {
  for (const fixed of [true, false]) {
    const prefix = prefixOf(installation, fixed)
    if (!mark.startsWith(prefix) || mark.length === prefix.length) continue
    const id = idIn(mark.slice(prefix.length))
    return id === null ? null : { id, fixed }
  }
  return null
}

/** Weights of 0 to 1000 as the cloud has them, in the same proportions as far as whole numbers allow; whoever had a share keeps one. */
export function cloudWeight({ weight }: Pick<MemberSpec, 'weight'>, heaviest: number): number {
  if (weight === 0) return 0
  return Math.max(1, Math.round((weight * HEAVIEST) / Math.max(HEAVIEST, heaviest)))
}
