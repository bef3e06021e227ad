import type { Buffer } from 'node:buffer'
import { contains, type Network, parseIp, parseNetwork } from '../../core/network.ts'
import type { TrustedHeader, TrustSpec } from '../../core/trust.ts'
import { fieldText } from '../http1/field-text.ts'
import type { RequestHead } from '../http1/request-head.ts'
import { FORWARDED, X_FORWARDED_FOR } from '../http1/tokens.ts'

/** More proxies than this in a row are a loop, or an attempt to make each of them be looked at. */
const MOST_HOPS = 50

/** The proxies that a listener believes. */
export class Trust {
  readonly #networks: readonly Network[]
  /** Where these proxies say for whom they ask. */
  readonly header: TrustedHeader

  constructor({ networks, header }: TrustSpec) {
    this.#networks = networks.map((network) => parseNetwork(network)!)
    this.header = header
  }

  trusts(address: string): boolean {
    const ip = parseIp(address)
    return ip !== null && this.#networks.some((network) => contains(network, ip))
  }

  /**
   * Whom a trusted peer asks for: the last address of the list that is no trusted proxy itself. What stands before it is that one's own
   * word. A list of trusted ones alone gives the first of them, and one that names something else than an address what came behind it.
   */
  clientOf(head: RequestHead, bytes: Buffer, peer: string): string {
    const nodes = this.header === 'forwarded' ? forwardedNodes(head, bytes) : listNodes(head, bytes)
    let client = peer
    for (let at = nodes.length - 1; at >= Math.max(0, nodes.length - MOST_HOPS); at--) {
      const address = addressOf(nodes[at]!)
      if (address === null) return client
      client = address
      if (!this.trusts(address)) return client
    }
    return client
  }
}

/** How a trusted peer's client asked, as it says; null when it does not. */
export function forwardedScheme(head: RequestHead, bytes: Buffer): 'http' | 'https' | null {
  const word = fieldText(bytes, head.lines, 'x-forwarded-proto')?.toLowerCase()
  return word === 'http' || word === 'https' ? word : null
}

function listNodes(head: RequestHead, bytes: Buffer): readonly string[] {
  return valuesOf(head, bytes, X_FORWARDED_FOR).flatMap((value) => value.split(','))
}

/** `for` of each element (RFC 7239 4); '' where there is none. */
function forwardedNodes(head: RequestHead, bytes: Buffer): readonly string[] {
  return valuesOf(head, bytes, FORWARDED)
    .flatMap((value) => parts(value, ','))
    .map((element) => {
      const pair = parts(element, ';').find((one) => /^\s*for=/i.test(one))
      return pair === undefined ? '' : pair.slice(pair.indexOf('=') + 1)
    })
}

function valuesOf({ lines }: RequestHead, bytes: Buffer, id: number): readonly string[] {
  const values: string[] = []
  for (let line = lines.find(id); line >= 0; line = lines.find(id, line + 1)) {
    values.push(bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line)))
  }
  return values
}

/** Split where no quotes are open. */
function parts(text: string, separator: string): readonly string[] {
  const found: string[] = []
  let from = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') isQuoted = !isQuoted
    else if (isQuoted && char === '\\') at++
    else if (!isQuoted && char === separator) {
      found.push(text.slice(from, at))
      from = at + 1
    }
  }
  found.push(text.slice(from))
  return found
}

/** With quotes, brackets and port. On longer text the pattern would take time by its third power. */
const LONGEST_NODE = 64
const NODE = /^"?(?:\[([0-9a-f:.]+)\]|([0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*))(?::\d{1,5})?"?$/

/** `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`, quoted or not; null for names, `unknown` and `_hidden`. */
function addressOf(node: string): string | null {
  const text = node.trim()
  const match = text.length > LONGEST_NODE ? null : NODE.exec(text.toLowerCase())
  const address = match?.[1] ?? match?.[2]
  if (address === undefined || parseIp(address) === null) return null
  return address.replace(/^::ffff:(?=[\d.]+$)/, '')
}
