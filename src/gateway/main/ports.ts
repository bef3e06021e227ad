import { createServer, type Server } from 'node:net'
import type { BalancerSpec, Bind, ListenerSpec } from '../../core/balancer.ts'
import { Fault, messageOf } from '../../core/fault.ts'
import type { Bound } from './compose.ts'
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
  const opened: Server[] = []
  try {
    for (const listener of spec.listeners) {
      const kept = keptBind(listener, before, bound)
      if (kept) result[listener.name] = kept
      else {
        const server = await open(listener, listener.bind.port)
        opened.push(server)
        result[listener.name] = { host: listener.bind.host, port: portOf(server) }
      }
    }
    return result
  } finally {
    await Promise.all(opened.map(close))
  }
}

/** The ports after a restart: those of before, where they are still free. A listener whose port is taken is left out. */
export async function findPortsAgain(
  spec: BalancerSpec,
  bound: Bound,
  onTaken: (fault: Fault) => void,
): Promise<Bound> {
  const result: Record<string, Bind> = {}
  for (const listener of spec.listeners) {
    const server = await openAgain(listener, bound[listener.name]?.port).catch(onTaken)
    if (!server) continue
    result[listener.name] = { host: listener.bind.host, port: portOf(server) }
    await close(server)
  }
  return result
}

async function openAgain(listener: ListenerSpec, port = listener.bind.port): Promise<Server> {
  if (listener.bind.port !== 0 || port === 0) return open(listener, listener.bind.port)
  return open(listener, port).catch(() => open(listener, 0))
}

/** What a listener listens on already, under its own name or another's. */
function keptBind(listener: ListenerSpec, before: BalancerSpec | null, bound: Bound): Bind | null {
  const { host, port } = listener.bind
  const same = before?.listeners.find((old) => old.name === listener.name)
  const own = bound[listener.name]
  if (own && same?.bind.host === host && same.bind.port === port) return own
  return Object.values(bound).find((bind) => bind.host === host && bind.port === port) ?? null
}

function open(listener: ListenerSpec, port: number): Promise<Server> {
  const { host } = listener.bind
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => void explain(listener, port, error).then(reject))
    server.listen({ port, exclusive: true, ...(host === '' ? {} : { host }) }, () => resolve(server))
  })
}

async function explain(listener: ListenerSpec, port: number, error: Error): Promise<Fault> {
  const place = `${listener.bind.host.includes(':') ? `[${listener.bind.host}]` : listener.bind.host}:${port}`
  const taken = 'code' in error && error.code === 'EADDRINUSE'
  const holder = taken ? await holderOf(port) : null
  const why = taken ? `is taken${holder ? ` by ${holder}` : ''}` : `cannot be opened: ${messageOf(error)}`
  const message = `listener ${listener.name}: ${place} ${why}`
  return new Fault(taken ? 'port.taken' : 'balancer.refused', message, {
    source: 'user',
    retry: 'yes',
    cause: error,
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
