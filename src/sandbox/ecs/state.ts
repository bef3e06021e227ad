import type { Millis } from '../../core/time.ts'

export type InstanceStatus = 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped'

export interface InstanceType {
  readonly id: string
  readonly cpu: number
  readonly memoryMib: number
  /** By the hour, without a contract, in yuan. */
  readonly price: number
  /** What it costs on the spot market now. */
  readonly spotPrice: number
}

/** Of a network: of 256 the cloud keeps the first and the last three. */
export const ADDRESSES = 252

export interface VSwitch {
  readonly id: string
  readonly vpc: string
  readonly zone: string
  /** The first three numbers of its addresses: a network of 256, of which the cloud keeps four. */
  readonly prefix: string
}

export interface Rule {
  readonly protocol: string
  /** `80/80`. */
  readonly ports: string
  readonly source: string
}

export interface SecurityGroup {
  readonly id: string
  readonly vpc: string
  readonly rules: readonly Rule[]
}

export interface LaunchTemplate {
  readonly id: string
  readonly name: string
  /** By version from 1, as parameters of RunInstances; the last one is the default. */
  readonly versions: readonly Readonly<Record<string, string>>[]
}

export interface Instance {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly region: string
  readonly zone: string
  readonly type: string
  readonly image: string
  readonly vSwitch: string
  readonly vpc: string
  readonly securityGroups: readonly string[]
  readonly ip: string
  readonly userData: string
  readonly status: InstanceStatus
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: Millis
  /** Lists show it from then on. */
  readonly listedAt: Millis
  readonly autoReleaseAt: Millis | null
  readonly spot: 'NoSpot' | 'SpotWithPriceLimit' | 'SpotAsPriceGo'
  /** The cloud takes it back then; null = it has not said so. */
  readonly recycledAt: Millis | null
  readonly stopCharging: boolean
  readonly deletionProtection: boolean
  /** Out of whose room it came; null = it was bought as everybody buys. */
  readonly privatePool: string | null
  readonly price: number
  /** What it has cost until `chargedFrom`, in yuan. */
  readonly spent: number
  /** null = it costs nothing at the moment. */
  readonly chargedFrom: Millis | null
}

/** Room that somebody pays for whether or not it is used: of an elasticity assurance (`eap-`) or of a capacity reservation (`crp-`). */
export interface PrivatePool {
  readonly id: string
  readonly account: string
  readonly type: string
  readonly zone: string
  /** `Open`: also for launches that name none. */
  readonly matching: 'Open' | 'Target'
  /** Servers. */
  readonly total: number
}

/** One that is gone, for the bill. */
export interface Released {
  readonly id: string
  readonly account: string
  readonly tags: Readonly<Record<string, string>>
  readonly spent: number
  readonly releasedAt: Millis
  /** `DeleteInstances`, `AutoRelease`, `SystemFailure.Delete`, `SpotInterruption`. */
  readonly why: string
}

export interface Ecs {
  readonly regions: Readonly<Record<string, readonly string[]>>
  readonly types: readonly InstanceType[]
  readonly images: readonly string[]
  readonly vSwitches: readonly VSwitch[]
  readonly securityGroups: readonly SecurityGroup[]
  readonly launchTemplates: readonly LaunchTemplate[]
  /** How many more of a type may be had in a zone, by `zone type`; what is not named is plenty. */
  readonly stock: ReadonlyMap<string, number>
  readonly privatePools: readonly PrivatePool[]
  /** Virtual CPUs that an account may have at a time, of instances on demand and again of spot instances. */
  readonly quota: number
  readonly instances: ReadonlyMap<string, Instance>
  readonly released: readonly Released[]
}

export function emptyEcs(): Ecs {
  return {
    regions: {},
    types: [],
    images: [],
    vSwitches: [],
    securityGroups: [],
    launchTemplates: [],
    stock: new Map(),
    privatePools: [],
    quota: 1000,
    instances: new Map(),
    released: [],
  }
}
