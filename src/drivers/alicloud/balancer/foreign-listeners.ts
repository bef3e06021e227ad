import { Fault } from '../../../core/fault.ts'

/** Nothing that others have made is deleted with a balancer. Throws Fault where there is some. */
export function refuseForeign(
  loadBalancer: string,
  foreign: readonly { readonly protocol: string; readonly port: number }[],
): void {
  if (foreign.length === 0) return
  const listeners = foreign.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')
  throw new Fault(
    'balancer.refused',
    `${loadBalancer} has listeners that Tidegate has not made (${listeners}); delete them there first`,
    { source: 'user', retry: 'no' },
  )
}

interface Foreign {
  readonly protocol: string
  readonly description: string
}

/** Somebody else's listener stands where one of the file should. */
export function foreignListener(port: number, { protocol, description }: Foreign): Fault {
  return new Fault(
    'balancer.refused',
    `port ${port} has a ${protocol} listener that Tidegate has not made (${description || 'without a description'}); delete it there, or name its server group in the pool and leave the listener out of this file; with adopt: true of the balancer one of the same protocol is taken over`,
    { source: 'user', retry: 'no' },
  )
}

/** The same of a rule, or of a certificate for a server name. `what`: such as `rule old`. */
export function foreignPart(port: number, what: string): Fault {
  return new Fault(
    'balancer.refused',
    `${what} of the listener at port ${port} stands where one of this file should, and Tidegate has not made it; delete it there, or leave it out of this file; with adopt: true of the balancer it is taken over`,
    { source: 'user', retry: 'no' },
  )
}
