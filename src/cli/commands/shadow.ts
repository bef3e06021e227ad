import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FleetStatus } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import { messageOf } from '../../core/fault.ts'
import type { Decision } from '../../core/scaling.ts'
import type { ShadowAbout } from '../../core/shadow.ts'
import type { Millis } from '../../core/time.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { changeText, reasonLine } from '../explain.ts'
import { momentOf } from '../format.ts'
import { order } from '../order.ts'

const HOUR_MS: Millis = 3_600_000
const PATH = '/api/v1/shadow'

interface Answer {
  readonly about: ShadowAbout | null
}

/** `tidegate shadow FILE`: its fleets decide beside those that run, and nothing is done of it. */
export function startShadow(context: Context, name: string): Promise<number> {
  const file = resolve(name)
  const call = { method: 'PUT', path: PATH, body: { file, text: textOf(file) } } as const
  return order(context, call, `${name} decides in shadow; \`tidegate shadow\` shows how it differs`)
}

/** `tidegate shadow --stop`. */
export function stopShadow(context: Context): Promise<number> {
  return order(context, { method: 'POST', path: `${PATH}/stop` }, 'the shadow has ended')
}

/** `tidegate shadow`: how it differs so far, and the latest decision of both. */
export async function showShadow({ client, out, json }: Context): Promise<number> {
  const { about } = await client.get<Answer>(PATH)
  const { items } = await client.get<Page<FleetStatus>>('/api/v1/fleets')
  const fleets = about === null ? [] : items.filter(({ shadow }) => shadow !== null)
  if (json)
    out.json({
      about,
      items: fleets.map(({ name, decision, shadow }) => ({ fleet: name, decision, shadow })),
      next: null,
    })
  if (about === null) out.note('nothing runs in shadow')
  if (json || about === null) return 0
  out.line(`${about.file} decides in shadow since ${momentOf(about.at)}, by ${about.by}`)
  if (fleets.length === 0) out.note('it has not decided yet')
  for (const line of fleets.flatMap(shadowLines)) out.line(line)
  return 0
}

/** Of a fleet with a shadow. */
export function shadowLines({ name, decision, shadow, lastTickAt }: FleetStatus): string[] {
  if (shadow === null) return []
  const { ticks, more, fewer, serverMs, activeServerMs, failed } = shadow
  const share = (count: number) => `${((100 * count) / Math.max(1, ticks)).toFixed(1)}%`
  const hours = (ms: Millis) => (ms / HOUR_MS).toFixed(2)
  return [
    `${name}: ${ticks} ticks compared; it wanted more in ${share(more)}, fewer in ${share(fewer)}`,
    `${name}: it wanted ${hours(serverMs)} server-hours, the active configuration ${hours(activeServerMs)}`,
    ...(failed === null ? [] : [`${name}: its shadow has failed and decides no more: ${failed}`]),
    ...decided('active', decision, lastTickAt),
    ...decided('shadow', shadow.decision, lastTickAt),
  ]
}

function decided(whose: string, decision: Decision | null, at: Millis): string[] {
  if (decision === null) return []
  const reasons = decision.because.map((reason) => `    ${reasonLine(reason, at)}`)
  return [`  ${whose}: ${changeText(decision)}`, ...reasons]
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}`, 2)
  }
}
