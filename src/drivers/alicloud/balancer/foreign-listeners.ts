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
