import type { Millis } from '../../core/time.ts'
import type { GroupSettings } from './group-settings.ts'
import type { ListenerSettings } from './listener-settings.ts'

/** What an Application Load Balancer is made of, as its API names them. */
export interface Resources {
  readonly loadbalancer: LoadBalancer
  readonly servergroup: ServerGroup
  readonly listener: Listener
  readonly rule: Rule
}

export type Kind = keyof Resources

/** What a job does to a resource. */
export type Work = 'Create' | 'Update' | 'Delete'

export type Tags = Readonly<Record<string, string>>

interface Resource {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly tags: Tags
  readonly createdAt: Millis
  /** While a job works on it nothing else may; null = none does. */
  readonly work: Work | null
}

export type Edition = 'Basic' | 'Standard' | 'StandardWithWaf'

export interface LoadBalancer extends Resource {
  readonly name: string
  readonly edition: Edition
  readonly addressType: 'Internet' | 'Intranet'
  readonly vpc: string
  readonly zones: readonly ZoneMapping[]
  /** null = anybody may delete it. */
  readonly protectedSince: Millis | null
  /** Its creation failed: it costs nothing, and can only be deleted. */
  readonly isFailed: boolean
  /** By the hour, in yuan. */
  readonly price: number
}

export interface ZoneMapping {
  readonly zone: string
  readonly vSwitch: string
  readonly address: string
}

export interface ServerGroup extends Resource {
  readonly type: 'Instance' | 'Ip'
  readonly protocol: string
  /** '' = of none. */
  readonly vpc: string
  readonly settings: GroupSettings
  /** What they are once the job has succeeded; null = the same. */
  readonly nextSettings: GroupSettings | null
  readonly servers: readonly BackendServer[]
}

export interface BackendServer {
  readonly serverId: string
  readonly port: number
  readonly type: 'Ecs' | 'Ip'
  readonly ip: string
  readonly isRemote: boolean
  readonly weight: number
  readonly description: string
  /** One that drains finishes what it holds; the API says that it is `Removing` too. */
  readonly work: 'Adding' | 'Configuring' | 'Removing' | 'Draining' | null
  /** What it is besides once the job has succeeded. */
  readonly next: Partial<Pick<BackendServer, 'weight' | 'description'>>
  readonly addedAt: Millis
}

/** What a listener is besides its port, and what changes of it by a job. */
export interface ListenerPart {
  readonly settings: ListenerSettings
  /** Where everything goes that no rule sends elsewhere. */
  readonly group: string
  readonly certificates: readonly ListenerCertificate[]
  readonly isRunning: boolean
}

export interface Listener extends Resource, ListenerPart {
  readonly balancer: string
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS' | 'QUIC'
  readonly next: Partial<ListenerPart>
}

export interface ListenerCertificate {
  readonly id: string
  readonly isDefault: boolean
  readonly work: 'Associating' | 'Dissociating' | null
}

export interface RulePart {
  readonly priority: number
  readonly name: string
  /** As the API has them. */
  readonly conditions: readonly Readonly<Record<string, unknown>>[]
  readonly actions: readonly Readonly<Record<string, unknown>>[]
  /** Where its actions send anything. */
  readonly groups: readonly string[]
}

export interface Rule extends Resource, RulePart {
  readonly listener: string
  readonly direction: 'Request' | 'Response'
  readonly next: Partial<RulePart>
}

export interface Job {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly action: string
  readonly kind: Kind
  /** What it works on: several rules in one, else one. */
  readonly resources: readonly string[]
  readonly work: Work
  readonly status: 'Processing' | 'Succeeded' | 'Failed'
  readonly createdAt: Millis
  readonly modifiedAt: Millis
  /** It was decided when it began. */
  readonly fails: boolean
}

export interface Alb {
  readonly of: { readonly [K in Kind]: ReadonlyMap<string, Resources[K]> }
  /** Oldest first. */
  readonly jobs: ReadonlyMap<string, Job>
  /** What load balancers that are gone have cost. */
  readonly gone: readonly { readonly tags: Tags; readonly spent: number }[]
}

export function emptyAlb(): Alb {
  return {
    of: { loadbalancer: new Map(), servergroup: new Map(), listener: new Map(), rule: new Map() },
    jobs: new Map(),
    gone: [],
  }
}
