import type { Call } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import { jsonList } from './json-list.ts'
import type { Backend } from './state.ts'

const MAX_A_CALL = 20
const MAX_PORT = 65_535
/** Of groups, and descriptions of servers. */
export const NAME = /^[\w\-/.]{1,80}$/

/** The servers that a parameter names: JSON in one text, with numbers as numbers or texts. In a virtual group each has a port of its own, in
 *  the default group none. */
export function readBackends(call: Call, name: string, hasPorts: boolean): readonly Backend[] {
  const items = itemsOf(call.given.text(name))
  if (items.length > MAX_A_CALL)
    throw new Refusal(
      'TooManyBackendServers',
      `The total number of input real servers exceeds max supported number: ${MAX_A_CALL}`,
    )
  return items.map((item) => ({
    server: serverOf(item),
    kind: kindOf(item),
    ip: textOf(item, 'ServerIp'),
    port: hasPorts ? portOf(item) : null,
    weight: weightOf(item),
    description: descriptionOf(item),
    addedAt: call.now,
  }))
}

type Item = Readonly<Record<string, unknown>>

function itemsOf(text: string): readonly Item[] {
  if (text === '') return []
  // The older way to take servers out names them alone.
  return jsonList(text, malformed).map((item) =>
    typeof item === 'string' ? { ServerId: item } : (item as Item),
  )
}

function malformed(): Refusal {
  return new Refusal('BackendServersMalformed', 'the specified parameter BackendServers is unavailable.')
}

function serverOf(item: Item | null): string {
  if (typeof item?.ServerId !== 'string' || item.ServerId === '') throw malformed()
  return item.ServerId
}

function textOf(item: Item, name: string): string {
  const value = item[name] ?? ''
  if (typeof value !== 'string') throw malformed()
  return value
}

function descriptionOf(item: Item): string {
  const description = textOf(item, 'Description')
  if (description !== '' && !NAME.test(description)) throw malformed()
  return description
}

function kindOf({ Type: kind = 'ecs' }: Item): Backend['kind'] {
  if (kind === 'ecs' || kind === 'eni') return kind
  throw new Refusal('BackendServer.InvalidType', 'The specified Type is invalid.')
}

function portOf({ Port }: Item): number {
  const port = Number(Port)
  if (Number.isInteger(port) && port >= 1 && port <= MAX_PORT) return port
  throw new Refusal(
    'InvalidParameter',
    `The specified BackendServers is invalid, as the Port value should be in [1, ${MAX_PORT}].`,
  )
}

function weightOf({ Weight = 100 }: Item): number {
  const weight = Weight === '' ? Number.NaN : Number(Weight)
  if (Number.isInteger(weight) && weight >= 0 && weight <= 100) return weight
  throw new Refusal('InvalidWeight.Malformed', 'A specified weight is not valid.')
}
