import { type ListenerSpec, transportOf } from '../../core/balancer.ts'
import type { Logger } from '../../core/time.ts'
import { findPortsAgain } from '../../gateway/main/ports/ports.ts'

/**
 * Those of `wanted` whose ports this machine has for them: `carried` already, or free. One whose port is taken keeps no other from being
 * served; why it is not is said once, until its port is free.
 */
export function freePorts(log: Logger) {
  let told: ReadonlySet<string> = new Set()
  return async (
    wanted: readonly ListenerSpec[],
    carried: readonly ListenerSpec[],
  ): Promise<readonly ListenerSpec[]> => {
    const fresh = wanted.filter((one) => !carried.some((other) => isAtPortOf(one, other)))
    const why: string[] = []
    const free = await findPortsAgain({ listeners: fresh }, {}, ({ message }) => void why.push(message))
    const missing = fresh.filter(({ name }) => !Object.hasOwn(free, name))
    for (const [nth, { name }] of missing.entries())
      if (!told.has(name)) log.error(`not served until its port is free: ${why[nth]}`)
    told = new Set(missing.map(({ name }) => name))
    return wanted.filter(({ name }) => !told.has(name))
  }
}

function isAtPortOf(one: ListenerSpec, other: ListenerSpec): boolean {
  return (
    one.bind.host === other.bind.host &&
    one.bind.port === other.bind.port &&
    transportOf(one.protocol) === transportOf(other.protocol)
  )
}
