import { GATEWAY } from '../core/balancer.ts'
import { type Capability, GATEWAY_CAPABILITIES } from '../core/capabilities.ts'
import { BALANCER_DRIVERS } from '../drivers/index.ts'

/** What each kind of balancer can do, our own first. */
export const CAPABILITIES: Readonly<Record<string, readonly Capability[]>> = {
  [GATEWAY]: GATEWAY_CAPABILITIES,
  ...Object.fromEntries(
    Object.values(BALANCER_DRIVERS).map(({ kind, capabilities }) => [kind, capabilities]),
  ),
}
