import type { Millis } from '../core/time.ts'
import { type Alb, emptyAlb } from './alb/state.ts'
import { type Cas, emptyCas } from './cas/state.ts'
import { type Cms, emptyCms } from './cms/state.ts'
import { DELAYS, type Delays } from './delays.ts'
import type { Ecs } from './ecs/state.ts'
import { emptyEcs } from './ecs/state.ts'
import type { FaultRule } from './fault-rule.ts'
import { emptySlb, type Slb } from './slb/state.ts'

/** Who may call. */
export interface Key {
  readonly id: string
  readonly secret: string
  readonly account: string
  /** Of a role: what must come with each call. */
  readonly securityToken?: string
}

/** How often an operation was called in a span, such as a minute, by account, region and operation. */
export interface Count {
  readonly span: number
  readonly calls: number
}

/** What a call with a token gave, and to whom it is given again. */
export interface Remembered {
  /** The parameters, so that others with the same token are refused. */
  readonly asked: string
  readonly at: Millis
  /** Until then the first call is in process. */
  readonly doneAt: Millis
  readonly body: Body
}

export type Body = Readonly<Record<string, unknown>>

/** Something that happens by itself: `kind` is a row of the table in settle.ts. */
export interface Due {
  readonly at: Millis
  readonly kind: string
  readonly id: string
}

/** All that the sandbox knows. Never changed: every call makes the next one. */
export interface World {
  readonly keys: readonly Key[]
  /** The first two bytes of its addresses, as `127.10`: the machine's own on Linux, each of them, so that they can be served there. */
  readonly network: string
  /** How far its clock goes before that of the machine. */
  readonly skewMs: Millis
  /** What it takes its time for. */
  readonly delays: Delays
  /** The state of its chance. */
  readonly seed: number
  /** Counts up with everything that gets an id. */
  readonly made: number
  readonly nonces: ReadonlyMap<string, Millis>
  readonly counts: ReadonlyMap<string, Count>
  readonly tokens: ReadonlyMap<string, Remembered>
  /** In order of time. */
  readonly due: readonly Due[]
  readonly faults: readonly FaultRule[]
  readonly ecs: Ecs
  readonly slb: Slb
  /** What health checks find at `ip:port`, as the edge measures it or tests set it. Where nothing is said, a running instance answers. */
  readonly health: ReadonlyMap<string, boolean>
  readonly cms: Cms
  readonly alb: Alb
  readonly cas: Cas
}

/** What becomes of the world when something that was planned for `id` comes. It looks whether that still holds. */
export type Happening = (world: World, id: string, at: Millis) => World

export const NETWORK = '127.10'

export function newWorld({
  keys,
  seed,
  network = NETWORK,
}: Pick<World, 'keys' | 'seed'> & Partial<Pick<World, 'network'>>): World {
  return {
    keys,
    network,
    skewMs: 0,
    delays: DELAYS,
    seed,
    made: 0,
    nonces: new Map(),
    counts: new Map(),
    tokens: new Map(),
    due: [],
    faults: [],
    ecs: emptyEcs(),
    slb: emptySlb(),
    health: new Map(),
    cms: emptyCms(),
    alb: emptyAlb(),
    cas: emptyCas(),
  }
}

/** A copy with one entry more, or another one. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value)
}

/** The world in which this happens at its time. Of equal times the one that was planned first comes first. */
export function planned(world: World, due: Due): World {
  const at = world.due.findLastIndex((other) => other.at <= due.at) + 1
  return { ...world, due: world.due.toSpliced(at, 0, due) }
}

/** An id as the cloud gives them: unique, and the same in every run. */
export function withId(world: World, prefix: string): readonly [World, string] {
  const made = world.made + 1
  return [{ ...world, made }, `${prefix}${made.toString(36).padStart(17, '0')}`]
}

/** Uniform in [0, 1), by mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c. */
export function drawn(world: World): readonly [World, number] {
  const seed = (world.seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return [{ ...world, seed }, ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32]
}
