import type { ListenerLimits, ListenerSpec } from '../../../core/balancer.ts'
import type { Http2Spec } from '../../../core/http2.ts'
import type { KeepAliveSpec } from '../../../core/keep-alive.ts'
import type { Route } from '../../http/filters/filter.ts'
import type { Routes } from '../../http/routing/routes.ts'
import type { Trust } from '../../http/trust.ts'
import type { TlsContexts } from '../../tls/contexts.ts'

/** A client's connection as its listener knows it. */
export interface Connection {
  /** Ends it if it waits for its next request; otherwise it ends itself after its current answer. `gentle`: where a close could meet a
   *  request on its way, it may ask once more, and is told then. */
  endWhenIdle(gentle: boolean): void
  destroy(): void
}

/** A listener of one worker as its connections see it: changed in place by snapshots, so that they change nothing else. */
export interface Listener {
  readonly name: string
  readonly protocol: ListenerSpec['protocol']
  slot: number
  limits: ListenerLimits
  keepAlive: KeepAliveSpec
  /** Connections begin with a header of the PROXY protocol. */
  isProxied: boolean
  routes: Routes<Route>
  /** Null: nobody is believed, and nothing dropped. */
  trust: Trust | null
  /** Null = clients may not speak it. */
  http2: Http2Spec | null
  /** Null = it speaks no TLS. */
  tls: TlsContexts | null
  /** It is no longer in the snapshot: its connections end after their current answers. */
  gone: boolean
  readonly connections: Set<Connection>
}

/** What of it a snapshot may change. */
export type ListenerView = Omit<Listener, 'name' | 'protocol' | 'gone' | 'connections'>
