import type { FleetPorts } from '../../src/controller/ports.ts'
import type { Spreader } from '../../src/core/balancer.ts'
import { Fault, type FaultCode } from '../../src/core/fault.ts'
import type { Fleet, LaunchRequest } from '../../src/core/fleet.ts'
import type { Store } from '../../src/core/store.ts'
import type { Clock, Millis } from '../../src/core/time.ts'
import type { SimFleet } from '../../src/simulator/sim-fleet.ts'
import type { Read, Trouble, Write } from './story.ts'

export type Kind = Trouble['kind']
export type Of<K extends Kind> = Extract<Trouble, { readonly kind: K }>
/** Those of a kind that go on now. */
export type Going = <K extends Kind>(kind: K) => readonly Of<K>[]

/** A step that reaches the world, at the moment in which it takes effect. */
export interface Effect {
  readonly verb: Write
  readonly token: string | null
  readonly request: LaunchRequest | null
  readonly pool: string | null
  readonly ids: readonly string[]
  readonly weight: number | null
  /** By the controller that runs; what a dead one has begun may take effect later. */
  readonly isCurrent: boolean
}

export interface WeatherOptions {
  readonly clock: Clock
  readonly going: Going
  readonly sim: SimFleet
  /** Is the controller that these ports belong to the one that runs? A balancer hears only that one. */
  readonly isCurrent: () => boolean
  readonly onEffect: (effect: Effect) => void
  /** A read that a tick depends on has come to nothing; `list` begins a tick. */
  readonly onRead: (verb: Read, ok: boolean) => void
}

const CODES: Readonly<Record<Read | Write, FaultCode>> = {
  list: 'fleet.list-failed',
  members: 'balancer.unreachable',
  orders: 'store.failed',
  launch: 'fleet.launch-failed',
  put: 'balancer.refused',
  confirm: 'fleet.confirm-failed',
  drop: 'balancer.refused',
  retire: 'fleet.retire-failed',
  park: 'fleet.retire-failed',
}

/** What goes wrong between a controller and its world. */
export function weather(ports: FleetPorts, options: WeatherOptions): FleetPorts {
  return {
    ...ports,
    fleet: fleetIn(ports.fleet, options),
    balancer: balancerIn(ports.balancer, options),
    store: storeIn(ports.store, options),
  }
}

function fleetIn(fleet: Fleet, options: WeatherOptions): Fleet {
  const { sim, going } = options
  const ofIds = (verb: Write, ids: readonly string[]) => effect({ verb, ids })
  return {
    freshForMs: fleet.freshForMs,
    keeps: fleet.keeps ?? 0,
    list: (signal) => read('list', options, signal, async () => noticed(await fleet.list(signal), going)),
    launch: (request, signal) =>
      write(effect({ verb: 'launch', token: request.token, request }), options, signal, async () => {
        const [few] = going('few')
        if (few && few.count < request.count) sim.mishaps.push({ kind: 'partial', count: few.count })
        // Whether it comes to nothing or was done before, the mishap is not for another launch.
        return await fleet.launch(request, signal).finally(() => void sim.mishaps.splice(0))
      }),
    confirm: (ids, signal) => write(ofIds('confirm', ids), options, signal, () => fleet.confirm(ids, signal)),
    retire: (ids, signal) => write(ofIds('retire', ids), options, signal, () => fleet.retire(ids, signal)),
    park: (ids, signal) => write(ofIds('park', ids), options, signal, () => fleet.park!(ids, signal)),
  }
}

function balancerIn(balancer: Spreader, options: WeatherOptions): Spreader {
  const current = <T>(run: () => Promise<T>) => {
    if (options.isCurrent()) return run()
    throw fault('balancer.stale-epoch', 'a newer controller has come', 'no')
  }
  return {
    members: (pool, signal) =>
      read('members', options, signal, async () => await balancer.members(pool, signal)),
    put: (pool, members, signal) => {
      const ids = members.map(({ id }) => id)
      const weight = Math.max(...members.map((member) => member.weight))
      const what = effect({ verb: 'put', pool, ids, weight })
      return write(what, options, signal, () => current(() => balancer.put(pool, members, signal)))
    },
    drop: (pool, ids, signal) =>
      write(effect({ verb: 'drop', pool, ids }), options, signal, () =>
        current(() => balancer.drop(pool, ids, signal)),
      ),
  }
}

function storeIn(store: Store, options: WeatherOptions): Store {
  const refuse = (verb: 'intend' | 'commit') => {
    if (options.going('journal').some((trouble) => trouble.verb === verb))
      throw fault('store.failed', `${verb}: the disk is full`, 'no')
  }
  const own: Partial<Store> = {
    orders: (scope, now) => {
      // A balancer's loop asks for those of its own, whenever it likes.
      const ofTick = scope.startsWith('fleet:') ? options : { ...options, onRead: () => {} }
      return read('orders', ofTick, new AbortController().signal, () => store.orders(scope, now))
    },
    async intend(fleet, intents) {
      refuse('intend')
      await store.intend(fleet, intents)
    },
    async commit(fleet, memory, entries) {
      refuse('commit')
      await store.commit(fleet, memory, entries)
    },
  }
  return new Proxy(store, {
    get: (target, key) => {
      const verb = Reflect.get(key in own ? own : target, key) as unknown
      return typeof verb === 'function' ? verb.bind(target) : verb
    },
  })
}

function effect(what: Partial<Effect> & { readonly verb: Write }): Effect {
  return { token: null, request: null, pool: null, ids: [], weight: null, isCurrent: true, ...what }
}

async function read<T>(
  verb: Read,
  { clock, going, onRead }: WeatherOptions,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  const trouble = going('read').find((one) => one.verb === verb)
  onRead(verb, trouble === undefined)
  if (trouble?.how === 'hang') await clock.sleep(LONG, signal)
  if (trouble) throw fault(CODES[verb], `${verb} does not work`, 'yes')
  return await run()
}

async function write<T>(
  what: Effect,
  { clock, going, isCurrent, onEffect }: WeatherOptions,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  const { verb } = what
  const trouble = going('write').find((one) => one.verb === verb)
  const lost = () => fault(CODES[verb], `${verb}: the connection broke`, 'unknown')
  if (trouble?.how === 'refuse') throw fault(CODES[verb], `${verb} is refused`, 'no')
  if (trouble?.how === 'gone') throw lost()
  if (trouble?.how === 'slow') await clock.sleep(trouble.delayMs, signal)
  onEffect({ ...what, isCurrent: isCurrent() })
  const answer = await run()
  if (trouble?.how === 'late') await clock.sleep(trouble.delayMs, signal)
  if (trouble?.how === 'lost') throw lost()
  return answer
}

/** The oldest that runs is the one. */
function noticed(listed: Awaited<ReturnType<Fleet['list']>>, going: Going): typeof listed {
  if (going('notice').length === 0) return listed
  const [first] = listed.servers.filter(({ phase }) => phase === 'running')
  const servers = listed.servers.map((one) =>
    one === first ? { ...one, notice: 'the vendor takes it away' } : one,
  )
  return { ...listed, servers }
}

function fault(code: FaultCode, message: string, retry: 'yes' | 'no' | 'unknown'): Fault {
  return new Fault(code, message, { source: 'vendor', retry })
}

const LONG: Millis = 3_600_000
