import { messageOf } from '../../core/fault.ts'
import { CliError } from '../errors.ts'

/** How the new file checks its servers; what is null stays at its default. */
export interface HealthDraft {
  readonly type: 'http' | 'tcp'
  /** Of an http check. */
  readonly path: string | null
  readonly intervalMs: number | null
  readonly timeoutMs: number | null
  readonly unhealthy: number | null
  readonly healthy: number | null
}

type Check = (value: unknown) => string | null

/** What each key may be; the answer is what was expected. Bounds of the numbers are those of `health` in the configuration. */
const KEYS: Readonly<Record<string, Check>> = {
  Check: (value) => (value === 'HTTP' || value === 'TCP' ? null : '"HTTP" or "TCP"'),
  URL: (value) =>
    typeof value === 'string' && /^\/[\x21-\x7e]*$/.test(value)
      ? null
      : 'a path such as "/health": every server is asked for it at its own address',
  Interval: between(0.1, 3600, 'seconds'),
  Timeout: between(0.01, 3600, 'seconds'),
  UnhealthyThreshold: whole(1, 100),
  HealthyThreshold: whole(1, 100),
  HTTPVersion: (value) => (value === '1.1' ? null : '"1.1", the only version that checks speak'),
}
const ONLY_HTTP = ['URL', 'HTTPVersion']

/** The health check that a JSON text such as `{ "Check": "HTTP", "URL": "/health", "Interval": 30, "Timeout": 5 }` describes, times in
 *  seconds. Throws CliError with everything that is wrong with it. */
export function readHealthCheck(text: string, source: string): HealthDraft {
  const raw = parseMapping(text, source)
  const problems = Object.entries(raw).flatMap(([key, value]) => problemOf(key, value, raw.Check))
  if (problems.length > 0) throw new CliError(problems.map((line) => `${source}: ${line}`).join('\n'), 2)
  const number = (key: string) => (raw[key] === undefined ? null : Number(raw[key]))
  const ms = (key: string) => (raw[key] === undefined ? null : Math.round(Number(raw[key]) * 1000))
  return {
    type: raw.Check === 'TCP' ? 'tcp' : 'http',
    path: raw.URL === undefined ? null : String(raw.URL),
    intervalMs: ms('Interval'),
    timeoutMs: ms('Timeout'),
    unhealthy: number('UnhealthyThreshold'),
    healthy: number('HealthyThreshold'),
  }
}

function parseMapping(text: string, source: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new CliError(`${source}: is no JSON: ${messageOf(error)}`, 2)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw new CliError(`${source}: expected an object such as { "Check": "HTTP", "URL": "/health" }`, 2)
}

function problemOf(key: string, value: unknown, check: unknown): string[] {
  if (!Object.hasOwn(KEYS, key)) return [`${key}: unknown key; there are: ${Object.keys(KEYS).join(', ')}`]
  if (check === 'TCP' && ONLY_HTTP.includes(key))
    return [`${key}: a TCP check only connects; leave it out, or "Check": "HTTP"`]
  const expected = KEYS[key]?.(value) ?? null
  return expected === null ? [] : [`${key}: expected ${expected}, got ${JSON.stringify(value)}`]
}

function between(min: number, max: number, unit: string): Check {
  return (value) =>
    typeof value === 'number' && value >= min && value <= max ? null : `${min} to ${max} ${unit}`
}

function whole(min: number, max: number): Check {
  return (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? null
      : `a whole number from ${min} to ${max}`
}
