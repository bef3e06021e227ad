import {
  type BalancerSpec,
  type Bind,
  type ListenerSpec,
  type Protocol,
  transportOf,
} from '../../../core/balancer.ts'
import { Fault, messageOf } from '../../../core/fault.ts'
import type { Bound } from '../state/compose.ts'
import { type Claim, claim } from './claim.ts'
import { holderOf } from './holder.ts'

/**
 * The ports that the listeners of `spec` get. Workers share theirs (SO_REUSEPORT), which would also share them with another
 * program of the same user, so each new one is first opened alone, and closed again. Throws Fault `port.taken`.
 */
export async function findPorts(
  spec: BalancerSpec,
  before: BalancerSpec | null,
  bound: Bound,
): Promise<Bound> {
  const result: Record<string, Bind> = {}
  const claims: Claim[] = []
  try {
    for (const listener of spec.listeners) {
      const kept = keptBind(listener, before, bound)
      if (kept) result[listener.name] = kept
      else {
        const claimed = await open(listener, listener.bind.port)
        claims.push(claimed)
        result[listener.name] = { host: listener.bind.host, port: claimed.port }
      }
    }
    return result
  } finally {
    await Promise.all(claims.map((one) => one.close()))
  }
}

/** The ports after a restart: those of before, where they are still free. A listener whose port is taken is left out. */
export async function findPortsAgain(
  { listeners }: Pick<BalancerSpec, 'listeners'>,
  bound: Bound,
  onTaken: (fault: Fault) => void,
): Promise<Bound> {
  const result: Record<string, Bind> = {}
  for (const listener of listeners) {
    const claimed = await openAgain(listener, bound[listener.name]?.port).catch(onTaken)
    if (!claimed) continue
    result[listener.name] = { host: listener.bind.host, port: claimed.port }
    await claimed.close()
  }
  return result
}

async function openAgain(listener: ListenerSpec, port = listener.bind.port): Promise<Claim> {
  if (listener.bind.port !== 0 || port === 0) return open(listener, listener.bind.port)
  return open(listener, port).catch(() => open(listener, 0))
}

/** What a listener listens on already, under its own name or another's. */
function keptBind(listener: ListenerSpec, before: BalancerSpec | null, bound: Bound): Bind | null {
  const { host, port } = listener.bind
  const alike = (before?.listeners ?? []).filter(
    (old) => transportOf(old.protocol) === transportOf(listener.protocol),
  )
  const same = alike.find(({ name }) => name === listener.name)
  const own = bound[listener.name]
  if (own && same?.bind.host === host && same.bind.port === port) return own
  const binds = alike.flatMap(({ name }) => bound[name] ?? [])
  return binds.find((bind) => bind.host === host && bind.port === port) ?? null
}

function open({ name, bind, protocol }: ListenerSpec, port: number): Promise<Claim> {
  const wanted = { host: bind.host, port }
  return claim(wanted, protocol).catch(async (error) => {
    throw await explain(name, wanted, protocol, error)
  })
}

async function explain(name: string, { host, port }: Bind, protocol: Protocol, error: Error): Promise<Fault> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const taken = 'code' in error && error.code === 'EADDRINUSE'
  const holder = taken ? await holderOf(port, transportOf(protocol)) : null
  const why = taken ? `is taken${holder ? ` by ${holder}` : ''}` : `cannot be opened: ${messageOf(error)}`
  const message = `listener ${name}: ${place} ${why}`
  return new Fault(taken ? 'port.taken' : 'balancer.refused', message, {
    source: 'user',
    retry: 'yes',
    cause: error,
  })
}

/** A worker could not listen where main could. */
export function portTaken({
  listener,
  message,
}: {
  readonly listener: string
  readonly message: string
}): Fault {
  return new Fault('port.taken', `listener ${listener}: ${message}`, { source: 'user', retry: 'yes' })
}
