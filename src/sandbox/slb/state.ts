import type { Millis } from '../../core/time.ts'

export type Protocol = 'tcp' | 'udp' | 'http' | 'https'

/** One server of a group. */
export interface Backend {
  /** Of an instance, or of a network interface. */
  readonly server: string
  readonly kind: 'ecs' | 'eni'
  /** Of an interface; '' = its first, and always for an instance. */
  readonly ip: string
  /** null in the default group, where the listener says it. */
  readonly port: number | null
  readonly weight: number
  /** '' = none. */
  readonly description: string
  readonly addedAt: Millis
}

/** Requests of this host and path go to a group of their own. */
export interface ForwardingRule {
  readonly id: string
  readonly name: string
  /** '' = any. */
  readonly domain: string
  /** '' = any. */
  readonly url: string
  readonly group: string
}

export type ListenerStatus = 'starting' | 'running' | 'stopping' | 'stopped'

/** By the names that the operations of a listener give them, with their defaults. */
export type Settings = Readonly<Record<string, string | number>>

/** The certificate that clients are shown who name this server. */
export interface DomainExtension {
  readonly id: string
  readonly domain: string
  readonly certificate: string
}

export interface Listener {
  readonly port: number
  readonly protocol: Protocol
  readonly status: ListenerStatus
  /** It has its status since then. */
  readonly since: Millis
  readonly settings: Settings
  readonly rules: readonly ForwardingRule[]
  /** Of https. */
  readonly domains: readonly DomainExtension[]
}

export interface LoadBalancer {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly name: string
  readonly address: string
  readonly addressType: 'internet' | 'intranet'
  /** '' of the classic network. */
  readonly vpc: string
  readonly vSwitch: string
  readonly masterZone: string
  readonly slaveZone: string
  /** '' = of shared performance, or by use. */
  readonly spec: string
  readonly instanceChargeType: 'PayBySpec' | 'PayByCLCU'
  readonly internetChargeType: 'paybytraffic' | 'paybybandwidth'
  /** In Mbit/s. */
  readonly bandwidth: number
  readonly tags: Readonly<Record<string, string>>
  readonly isActive: boolean
  readonly isProtected: boolean
  readonly createdAt: Millis
  /** Until then its former change is not done with. */
  readonly busyUntil: Millis
  /** Its default group. */
  readonly backends: readonly Backend[]
  readonly listeners: readonly Listener[]
  /** What it has cost for the hours that are paid, in yuan. */
  readonly spent: number
  readonly hoursPaid: number
  /** To clients, and not paid yet. */
  readonly sentBytes: number
}

/** A virtual server group. */
export interface ServerGroup {
  readonly id: string
  readonly balancer: string
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: Millis
  readonly busyUntil: Millis
  readonly backends: readonly Backend[]
}

/** Of a server, with its key. */
export interface Certificate {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly name: string
  readonly pem: string
  readonly key: string
  readonly createdAt: Millis
}

export interface Slb {
  readonly balancers: ReadonlyMap<string, LoadBalancer>
  readonly groups: ReadonlyMap<string, ServerGroup>
  readonly certificates: ReadonlyMap<string, Certificate>
  /** Those that are gone, for the bill. */
  readonly deleted: readonly Pick<LoadBalancer, 'id' | 'tags' | 'spent'>[]
}

export function emptySlb(): Slb {
  return { balancers: new Map(), groups: new Map(), certificates: new Map(), deleted: [] }
}
