import type { Unit } from './metrics.ts'

const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}
const BIT_RATES: Readonly<Record<string, number>> = {
  bps: 1,
  kbps: 1e3,
  Kbps: 1e3,
  Mbps: 1e6,
  Gbps: 1e9,
  Tbps: 1e12,
}
const NUMBER_AND_UNIT = /^([0-9]+(?:\.[0-9]+)?)([A-Za-z%/]*)$/

/** Suffixes that a number of each unit may carry, and what they multiply by. '' = bare number. */
export const SUFFIXES: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  ratio: { '%': 0.01, '': 1 },
  count: { '': 1 },
  'per-second': { '': 1, '/s': 1 },
  ms: DURATION_MS,
  bytes: BYTES,
  'bits-per-second': BIT_RATES,
}

export const UNITS = Object.keys(SUFFIXES) as readonly Unit[]

/** `1m30s`, `500ms`, `2h` in milliseconds; null when it is no duration. A bare `0` is allowed. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  let rest = text.trim()
  let total = 0
  while (rest !== '') {
    const part = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)/.exec(rest)
    if (!part) return null
    total += Number(part[1]) * (DURATION_MS[part[2]!] ?? 0)
    rest = rest.slice(part[0].length)
  }
  return text.trim() === '' ? null : Math.round(total)
}

/** `32KiB`, `1GB`, `512B` in bytes; null when it is no size. */
export function parseBytes(text: string): number | null {
  return parseQuantity(text, 'bytes')
}

/** A number with a suffix of that unit, in the unit's base; null when the suffix is of another unit. */
export function parseQuantity(text: string, unit: Unit): number | null {
  const match = NUMBER_AND_UNIT.exec(text.trim())
  const factor = match && Object.hasOwn(SUFFIXES[unit], match[2]!) ? SUFFIXES[unit][match[2]!] : undefined
  if (!match || factor === undefined) return null
  // By division: 70 * 0.01 is 0.7000000000000001.
  return factor < 1 ? Number(match[1]) / Math.round(1 / factor) : Number(match[1]) * factor
}

/** For people: 1500 -> "1.5s", 90000 -> "1m30s". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))}s`
  const seconds = Math.round(ms / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ]
  return parts
    .filter(([count]) => count > 0)
    .map(([count, suffix]) => `${count}${suffix}`)
    .join('')
}

/** For people: a value of a metric with its unit. */
export function formatValue(value: number, unit: Unit): string {
  const short = Number(value.toPrecision(4))
  if (unit === 'ratio') return `${Number((value * 100).toFixed(1))}%`
  if (unit === 'ms') return formatDuration(value)
  if (unit === 'per-second') return `${short}/s`
  if (unit === 'bytes') return `${short}B`
  if (unit === 'bits-per-second') return `${short}bps`
  return String(short)
}
