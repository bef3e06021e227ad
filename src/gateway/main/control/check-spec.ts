import { type BalancerSpec, parseAddress, transportOf } from '../../../core/balancer.ts'
import { type Fault, userFault } from '../../../core/fault.ts'
import { poolsOf } from '../../../core/rule.ts'

/** The parts of a specification that the gateway could not live with if they were wrong; the configuration's own checks came before. */
export function checkSpec(spec: Partial<BalancerSpec> | undefined): BalancerSpec {
  if (!spec || !Array.isArray(spec.listeners) || !Array.isArray(spec.pools)) {
    throw invalid('spec: expected listeners and pools')
  }
  const whole = spec as BalancerSpec
  const pools = unique(
    whole.pools.map((pool) => pool.name),
    'pools',
  )
  unique(
    whole.listeners.map((listener) => listener.name),
    'listeners',
  )
  const fixed = whole.listeners.filter(({ bind }) => bind.port !== 0)
  unique(
    fixed.map(({ bind, protocol }) => `${transportOf(protocol)} ${bind.host}:${bind.port}`),
    'binds',
  )
  for (const { name, rules, pool } of whole.listeners) {
    const missing = [...rules.flatMap(poolsOf), pool].find((wanted) => wanted !== null && !pools.has(wanted))
    if (missing) throw invalid(`listener ${name}: there is no pool ${missing}`)
  }
  for (const { name, servers } of whole.pools) {
    const wrong = servers.find((server) => !parseAddress(server.address))
    if (wrong) throw invalid(`pool ${name}: ${wrong.address} is not host:port`)
    unique(
      servers.map((server) => server.id),
      `servers of pool ${name}`,
    )
  }
  return whole
}

function unique(names: readonly string[], what: string): ReadonlySet<string> {
  const seen = new Set(names)
  if (seen.size < names.length) throw invalid(`${what}: one is named twice`)
  return seen
}

function invalid(message: string): Fault {
  return userFault('request.invalid', message)
}
