import type { Millis } from '../core/time.ts'

/** What goes wrong with a call, whatever it asks for. */
export type CallFault =
  /** It is answered `ms` later. */
  | { readonly kind: 'latency'; readonly ms: Millis }
  /** It is refused as one too many. */
  | { readonly kind: 'throttled' }
  /** Whoever calls lacks the permission, or what another `code` of the cloud's says. */
  | { readonly kind: 'forbidden'; readonly code?: string }
  /** It is not done; a proxy's page is the answer. */
  | { readonly kind: 'html'; readonly status: number }
  /** It is not done; the answer has no body. */
  | { readonly kind: 'empty'; readonly status: number }
  /** It is done, and its answer never comes. */
  | { readonly kind: 'lost-answer' }

/** What goes wrong inside of the cloud; the products ask for it. */
export type CloudFault =
  /** Nothing can be had there; left out: anywhere, of any type. */
  | { readonly kind: 'no-stock'; readonly zone?: string; readonly instanceType?: string }
  /** Instances are gone soon after they were sold. */
  | { readonly kind: 'dies' }
  /** Asynchronous work ends in failure. */
  | { readonly kind: 'job-fails' }
  /** Whatever stands there does not answer, and nothing new starts; left out: the region. */
  | { readonly kind: 'zone-down'; readonly zone?: string }

/** A fault for a while and for a share of those whom it can meet. */
export interface FaultRule {
  readonly id: string
  readonly fault: CallFault | CloudFault
  /** 1 = always. */
  readonly share: number
  readonly untilAt: Millis
  /** Only calls of this operation, such as `ecs RunInstances`; left out: all. */
  readonly operation?: string
}

export type FaultOf<K extends FaultRule['fault']['kind']> = Extract<FaultRule['fault'], { kind: K }>
