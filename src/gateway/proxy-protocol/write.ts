import type { ProxyVersion } from '../../core/balancer.ts'
import { parseIp } from '../../core/network.ts'
import { type ProxiedClient, SIGNATURE } from './parse.ts'

const V2_PROXY = 0x21
const V2_LOCAL = 0x20
const TCP = 1

/** What a connection to a server begins with, before anything of the client's. Null = it is the gateway's own, as a health check is. */
export function proxyHeader(version: ProxyVersion, client: ProxiedClient | null): Buffer {
  const families = client === null ? null : familiesOf(client)
  if (version === 'v1') return Buffer.from(v1(client, families), 'latin1')
  return client === null || families === null ? v2(V2_LOCAL, 0, []) : v2Of(client, families)
}

interface Families {
  readonly v4: boolean
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** Both addresses in the same family: IPv4 becomes IPv6 beside IPv6. Null when one is unknown. */
function familiesOf(client: ProxiedClient): Families | null {
  const from = parseIp(client.address)
  const to = parseIp(client.localAddress)
  if (from === null || to === null) return null
  const v4 = from.v4 && to.v4
  return { v4, from: bytesOf(from, v4), to: bytesOf(to, v4) }
}

function bytesOf({ v4, words }: NonNullable<ReturnType<typeof parseIp>>, short: boolean): readonly number[] {
  const whole = v4 ? [0, 0, 0xffff, words[3]] : words
  const bytes = whole.flatMap((word) => [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff])
  return short ? bytes.slice(12) : bytes
}

function v1(client: ProxiedClient | null, families: Families | null): string {
  if (client === null || families === null) return 'PROXY UNKNOWN\r\n'
  const inner = (address: string) => (families.v4 || address.includes(':') ? address : `::ffff:${address}`)
  const addresses = `${inner(client.address)} ${inner(client.localAddress)}`
  return `PROXY ${families.v4 ? 'TCP4' : 'TCP6'} ${addresses} ${client.port} ${client.localPort}\r\n`
}

function v2Of(client: ProxiedClient, { v4, from, to }: Families): Buffer {
  const ports = [client.port, client.localPort].flatMap((port) => [port >> 8, port & 0xff])
  return v2(V2_PROXY, ((v4 ? 1 : 2) << 4) | TCP, [...from, ...to, ...ports])
}

function v2(command: number, family: number, body: readonly number[]): Buffer {
  return Buffer.concat([
    SIGNATURE,
    Buffer.from([command, family, body.length >> 8, body.length & 0xff, ...body]),
  ])
}
