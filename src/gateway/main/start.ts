import { Gateway } from './gateway.ts'
import type { GatewayHandle, GatewayOptions } from './options.ts'

/** Starts a gateway. With a `gateway.json` it serves by that at once. Throws Fault when another one has the control socket. */
export async function startGateway(options: GatewayOptions): Promise<GatewayHandle> {
  const gateway = new Gateway(options)
  await gateway.start()
  return {
    controlPath: options.controlPath,
    stopped: gateway.stopped,
    stop: (drainMs) => gateway.stop(drainMs),
  }
}
