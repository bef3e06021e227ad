/** An IP address as four words of 32 bits; IPv4 is in the last of them. */
export interface Address {
  readonly v4: boolean
  readonly words: readonly [number, number, number, number]
}

/** The addresses that share their first `bits` with one address; IPv4 and IPv6 are apart. */
export interface Network {
  readonly address: Address
  /** Of 128: 96 more than is written for IPv4. */
  readonly bits: number
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
const GROUP = /^[0-9a-fA-F]{1,4}$/
/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const LONGEST = 45

/** `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1` (which is IPv4); null for anything else, zones and brackets too. */
export function parseIp(text: string): Address | null {
  if (text.length > LONGEST) return null
  const v4 = parseV4(text)
  if (v4 !== null) return { v4: true, words: [0, 0, 0, v4] }
  const groups = groupsOf(text)
  if (groups === null) return null
  const word = (at: number): number => ((groups[at]! << 16) | groups[at + 1]!) >>> 0
  const words = [word(0), word(2), word(4), word(6)] as const
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff
  return isMapped ? { v4: true, words: [0, 0, 0, words[3]] } : { v4: false, words }
}

function parseV4(text: string): number | null {
  const match = V4.exec(text)
  if (match === null) return null
  let value = 0
  for (const part of match.slice(1)) {
    const byte = Number(part)
    // Some read a leading zero as octal.
    if (byte > 255 || (part.length > 1 && part.startsWith('0'))) return null
    value = value * 256 + byte
  }
  return value
}

/** The eight groups of an IPv6 address; null when it is none. */
function groupsOf(text: string): number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const parts = halves.map((half, at) => (half === '' ? [] : readGroups(half, at === halves.length - 1)))
  const [head, tail] = parts
  if (head === null || head === undefined || tail === null) return null
  if (tail === undefined) return head.length === 8 ? head : null
  const missing = 8 - head.length - tail.length
  return missing < 1 ? null : [...head, ...new Array<number>(missing).fill(0), ...tail]
}

/** IPv4 may only stand at the end of an address. */
function readGroups(text: string, isEnd: boolean): number[] | null {
  const groups: number[] = []
  const pieces = text.split(':')
  for (const [at, piece] of pieces.entries()) {
    const v4 = isEnd && at === pieces.length - 1 ? parseV4(piece) : null
    if (v4 !== null) groups.push(v4 >>> 16, v4 & 0xffff)
    else if (GROUP.test(piece)) groups.push(Number.parseInt(piece, 16))
    else return null
  }
  return groups
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a single address; null for anything else. Bits behind the prefix do not count. */
export function parseNetwork(text: string): Network | null {
  const [written = '', length, ...rest] = text.split('/')
  const address = parseIp(written)
  if (address === null || rest.length > 0) return null
  const most = address.v4 ? 32 : 128
  if (length === undefined) return { address, bits: 128 }
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > most) return null
  return { address, bits: 128 - most + Number(length) }
}

export function contains({ address, bits }: Network, other: Address): boolean {
  if (address.v4 !== other.v4) return false
  for (let word = 0, left = bits; left > 0; word++, left -= 32) {
    const different = address.words[word]! ^ other.words[word]!
    if (different >>> Math.max(32 - left, 0) !== 0) return false
  }
  return true
}

/** Is every address of `inner` in `outer`? */
export function containsNetwork(outer: Network, inner: Network): boolean {
  return outer.bits <= inner.bits && contains(outer, inner.address)
}
