import { parseAddress } from '../../core/balancer.ts'
import type { Server, ServerPhase } from '../../core/fleet.ts'
import type { Millis } from '../../core/time.ts'
import { jsonErrorAt } from './json.ts'

/** An answer that can be used, or the first thing that is wrong with it, with its place. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string }

export interface Launched {
  readonly ids: readonly string[]
  readonly why: string | null
}

const PHASES = ['launching', 'running', 'retiring', 'failed'] as const satisfies readonly ServerPhase[]
const ID = /^[!-~]{1,128}$/
const MAX_SERVERS = 10_000
const MAX_TEXT = 300
const MAX_SHOWN = 60

/** Thrown inside this file only: reading goes on to no second problem. */
class Wrong extends Error {}

/** Every server of the list. `prefix` is what each token of this fleet begins with: a server of another is a mistake of the script,
 *  and so is one that has lost its token, which Tidegate would count as missing and launch once more. */
export function readList(output: Uint8Array, prefix: string): Answer<readonly Server[]> {
  return reading(() => {
    const servers = arrayAt(objectOf(output), 'servers').map((item, index) =>
      serverOf(item, `servers[${index}]`, prefix),
    )
    if (servers.length > MAX_SERVERS) throw new Wrong(`servers: more than ${MAX_SERVERS}`)
    unique(
      servers.map(({ id }) => id),
      (index) => `servers[${index}].id`,
    )
    return servers
  })
}

/** Which servers a launch of `count` has given. */
export function readLaunched(output: Uint8Array, count: number): Answer<Launched> {
  return reading(() => {
    const raw = objectOf(output)
    const ids = arrayAt(raw, 'ids').map((id, index) => idOf(id, `ids[${index}]`))
    unique(ids, (index) => `ids[${index}]`)
    if (ids.length > count) throw new Wrong(`ids: ${ids.length} of ${count} servers asked for`)
    return { ids, why: raw.why === undefined ? null : textOf(raw.why, 'why') }
  })
}

function reading<T>(read: () => T): Answer<T> {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, problem: error.message }
    throw error
  }
}

type Raw = Readonly<Record<string, unknown>>

function objectOf(output: Uint8Array): Raw {
  const text = decode(output)
  if (text.trim() === '') throw new Wrong('it printed nothing; expected JSON')
  const at = jsonErrorAt(text)
  if (at !== null) throw new Wrong(`not JSON ${positionIn(text, at)}`)
  return object(JSON.parse(text), 'the answer')
}

function decode(output: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(output)
  } catch {
    throw new Wrong('not UTF-8')
  }
}

function positionIn(text: string, at: number): string {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  const char = text.codePointAt(at)
  const found = char === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(char))
  return `at line ${line}, column ${column} (${found})`
}

function serverOf(value: unknown, path: string, prefix: string): Server {
  const raw = object(value, path)
  const id = idOf(raw.id, `${path}.id`)
  const token = textOf(raw.token, `${path}.token`)
  const launched = Number(token.slice(prefix.length))
  if (!token.startsWith(prefix) || !Number.isSafeInteger(launched) || launched <= 0)
    throw new Wrong(
      `${path}.token: ${show(token)} is no token of this fleet; list only servers whose launch had one that begins with ${prefix}`,
    )
  const detail = raw.detail === undefined || raw.detail === null ? null : textOf(raw.detail, `${path}.detail`)
  return {
    id,
    token,
    address: addressOf(raw.address, `${path}.address`),
    revision: textOf(raw.revision, `${path}.revision`),
    launchedAt: raw.launchedAt === undefined ? launched : instantOf(raw.launchedAt, `${path}.launchedAt`),
    phase: raw.phase === undefined ? 'running' : phaseOf(raw.phase, `${path}.phase`),
    ...(detail === null ? {} : { detail }),
  }
}

function object(value: unknown, path: string): Raw {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw
  throw wrong(path, 'an object', value)
}

function arrayAt(raw: Raw, key: string): readonly unknown[] {
  const value = raw[key]
  if (Array.isArray(value)) return value
  throw wrong(key, 'a list', value)
}

function idOf(value: unknown, path: string): string {
  if (typeof value === 'string' && ID.test(value)) return value
  throw wrong(path, 'text of 1 to 128 visible ASCII characters without spaces', value)
}

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value
  throw wrong(path, `text of at most ${MAX_TEXT} characters`, value)
}

function addressOf(value: unknown, path: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && parseAddress(value)) return value
  throw wrong(path, 'host:port or null', value)
}

function instantOf(value: unknown, path: string): Millis {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return Math.round(value)
  throw wrong(path, 'milliseconds since 1970', value)
}

function phaseOf(value: unknown, path: string): ServerPhase {
  const phase = PHASES.find((one) => one === value)
  if (phase) return phase
  throw wrong(path, PHASES.join(', '), value)
}

function unique(ids: readonly string[], pathOf: (index: number) => string): void {
  const again = ids.findIndex((id, index) => ids.indexOf(id) < index)
  if (again >= 0) throw new Wrong(`${pathOf(again)}: ${show(ids[again])} is there twice`)
}

function wrong(path: string, expected: string, value: unknown): Wrong {
  return new Wrong(`${path}: expected ${expected}, got ${show(value)}`)
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`
}
