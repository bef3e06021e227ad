import type { ListenerLimits } from '../../../core/balancer.ts'
import type { ResponseHead } from '../../http1/response-head.ts'
import type { TunnelSide } from '../../tcp/tunnel.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import type { ClientSide, ResponseSink } from '../client-side.ts'
import type { Chooser } from './choice.ts'

/** Whose exchange it is. */
export interface ExchangeOwner extends Chooser {
  readonly client: ClientSide
  readonly peer: Peer
  readonly limits: ListenerLimits
  /** How long a server may be silent. */
  readonly responseMs: number
  /** The answer's head goes to the client; gives where its body goes. A text = it must not go there, and why. */
  respond(head: ResponseHead, bytes: Buffer): ResponseSink | string
  /** The answer has been given whole. */
  finished(): void
  /** No server has answered: the gateway does. */
  refused(status: number): void
  /** An answer has been begun that will never be whole. */
  broken(): void
  /** 101 was the answer. */
  tunnel(server: TunnelSide, early: Buffer): void
}
