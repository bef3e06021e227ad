import type { Fields } from '../client/fields.ts'
import type { Alb } from './alb.ts'
import { isOwn, isOwnRule } from './naming.ts'

export interface About {
  readonly loadBalancer: string
  readonly installation: string
}

type Seen = Readonly<Record<string, unknown>>

export interface SeenRule {
  readonly id: string
  readonly priority: number
  readonly isOwn: boolean
  readonly fields: Seen
}

/** A listener as the cloud has it; of one that is ours, or becomes it, with its rules and certificates. */
export interface SeenListener {
  readonly id: string
  readonly port: number
  readonly protocol: string
  /** Has Tidegate made it? */
  readonly isOwn: boolean
  readonly isRunning: boolean
  readonly description: string
  readonly fields: Seen
  readonly certificates: readonly { readonly id: string; readonly isDefault: boolean }[]
  readonly rules: readonly SeenRule[]
}

export type Listed = Omit<SeenListener, 'certificates' | 'rules'>

export async function seeListeners(
  alb: Alb,
  about: About,
  isOurs: (listener: Listed) => boolean,
  signal: AbortSignal,
): Promise<readonly SeenListener[]> {
  const { installation } = about
  const seen: SeenListener[] = []
  for (const one of await listListeners(alb, about, signal)) {
    const isOfTls = one.protocol === 'HTTPS'
    seen.push({
      ...one,
      rules: isOurs(one) ? await rulesOf(alb, one.id, installation, signal) : [],
      certificates: isOurs(one) && isOfTls ? await certificatesOf(alb, one.id, signal) : [],
    })
  }
  return seen
}

export function listListeners(
  alb: Alb,
  { loadBalancer, installation }: About,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  return alb.list(
    { action: 'ListListeners', name: 'Listeners', query: { LoadBalancerIds: [loadBalancer] } },
    (fields) => listedOf(fields, installation),
    `the listeners of ${loadBalancer} cannot be read`,
    signal,
  )
}

function listedOf(fields: Fields, installation: string): Listed {
  return {
    id: fields.text('ListenerId'),
    port: fields.number('ListenerPort'),
    protocol: fields.text('ListenerProtocol'),
    isOwn: isOwn(installation, fields),
    isRunning: fields.text('ListenerStatus') !== 'Stopped',
    description: fields.has('ListenerDescription') ? fields.text('ListenerDescription') : '',
    fields: fields.record,
  }
}

function rulesOf(
  alb: Alb,
  listener: string,
  installation: string,
  signal: AbortSignal,
): Promise<readonly SeenRule[]> {
  return alb.list(
    { action: 'ListRules', name: 'Rules', query: { ListenerIds: [listener], Direction: 'Request' } },
    (fields) => ({
      id: fields.text('RuleId'),
      priority: fields.number('Priority'),
      isOwn: isOwnRule(installation, fields),
      fields: fields.record,
    }),
    `the rules of listener ${listener} cannot be read`,
    signal,
  )
}

/** Of an HTTPS or a QUIC listener. */
export function certificatesOf(alb: Alb, listener: string, signal: AbortSignal) {
  return alb.list(
    { action: 'ListListenerCertificates', name: 'Certificates', query: { ListenerId: listener } },
    (fields) => ({ id: fields.text('CertificateId'), isDefault: fields.flag('IsDefault') }),
    `the certificates of listener ${listener} cannot be read`,
    signal,
  )
}
