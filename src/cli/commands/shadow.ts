import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FleetStatus } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import { messageOf } from '../../core/fault.ts'
import type { Decision } from '../../core/scaling.ts'
import type { ShadowAbout } from '../../core/shadow.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { changeText, reasonLine } from '../explain.ts'
import { momentOf } from '../format.ts'
import { order } from '../order.ts'
import {
  brokenByShadows,
  readShadowAssertion,
  type Verdict,
  verdictLine,
  verdictOf,
} from '../shadow-verdict.ts'

const HOUR_MS: Millis = 3_600_000
const PATH = '/api/v1/shadow'
const UNTOLD: readonly Verdict[] = ['too-short', 'failed']

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

interface VerdictOptions {
  readonly least: Millis
  readonly assert: readonly string[]
}

/** `tidegate shadow --verdict`: exit code 0 = the same, or all that is asserted is so; 3 = it differs; 1 = not so, failed, or too little to tell. */
export async function shadowVerdict(
  { client, out, json }: Context,
  { least, assert }: VerdictOptions,
): Promise<number> {
  const read = assert.map(readShadowAssertion)
  const problems = read.filter((one) => typeof one === 'string')
  if (problems.length > 0) throw new CliError(problems.join('\n'), 2)
  const { about } = await client.get<Answer>(PATH)
  if (about === null) throw new CliError('nothing runs in shadow; start one with `tidegate shadow FILE`')
  const { items } = await client.get<Page<FleetStatus>>('/api/v1/fleets')
  const shadows = items.flatMap(({ name, shadow }) =>
    shadow === null ? [] : [{ name, shadow, verdict: verdictOf(shadow, least) }],
  )
  if (json) {
    const told = shadows.map(({ name, ...rest }) => ({ fleet: name, ...rest }))
    out.json({ about, items: told, next: null })
  } else {
    for (const { name, shadow, verdict } of shadows) out.line(verdictLine(name, shadow, verdict))
  }
  const untold = shadows.length === 0 || shadows.some(({ verdict }) => UNTOLD.includes(verdict))
  if (untold) {
    out.note(
      `no verdict: it has to be compared for ${formatDuration(least)} (--least), and must not have failed`,
    )
    return 1
  }
  const broken = read.flatMap((one) => (typeof one === 'string' ? [] : brokenByShadows(one, shadows)))
  for (const sentence of broken) out.note(`not so: ${sentence}`)
  if (assert.length > 0) return broken.length > 0 ? 1 : 0
  return shadows.every(({ verdict }) => verdict === 'same') ? 0 : 3
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
