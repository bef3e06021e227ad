import { Fault } from '../core/fault.ts'

/** Where `${env:NAME}` and `${file:PATH}` come from. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The text of a file, by the path as written; throws when it cannot be read. */
  readFile(path: string): string
}

/** The secrets that a file has named: value to placeholder, so that no message shows a value. */
export type UsedSecrets = Map<string, string>

const PLACEHOLDER = /\$\{(env|file):([^}]*)\}/g
/** A shorter value is hidden only where it stands alone, or it would garble every word that contains it. */
const ANYWHERE_LENGTH = 4

/** Replaces every placeholder and notes its value in `used`; what cannot be had stays as it is and is told in `missing`. */
export function substitute(
  text: string,
  sources: SecretSources,
  used: UsedSecrets,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = []
  const replaced = text.replace(PLACEHOLDER, (placeholder, kind: string, name: string) => {
    const found = kind === 'env' ? fromEnvironment(name, sources) : fromFile(name, sources)
    if (!found.ok) {
      missing.push(`${placeholder}: ${found.why}`)
      return placeholder
    }
    if (found.value !== '') used.set(found.value, placeholder)
    return found.value
  })
  return { text: replaced, missing }
}

type Found = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly why: string }

function fromEnvironment(name: string, sources: SecretSources): Found {
  const value = Object.hasOwn(sources.env, name) ? sources.env[name] : undefined
  return value === undefined
    ? { ok: false, why: `the environment variable ${name} is not set` }
    : { ok: true, value }
}

function fromFile(path: string, sources: SecretSources): Found {
  try {
    return { ok: true, value: sources.readFile(path).replace(/\r?\n$/, '') }
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code
    return {
      ok: false,
      why: `the file ${path} cannot be read${typeof code === 'string' ? ` (${code})` : ''}`,
    }
  }
}

/** A message with every secret value put back to its placeholder. Longest first, as one may contain another. */
export function redact(message: string, used: UsedSecrets): string {
  const longestFirst = [...used].sort(([a], [b]) => b.length - a.length)
  let safe = message
  for (const [value, placeholder] of longestFirst) {
    const literal = value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    const pattern =
      value.length >= ANYWHERE_LENGTH ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`
    safe = safe.replace(new RegExp(pattern, 'gu'), () => placeholder)
  }
  return safe
}

/** A value with every secret in its texts put back to its placeholder: what may be stored and shown. `fill` is the way back. */
export function hide<T>(value: T, used: UsedSecrets): T {
  return used.size === 0 ? value : (mapTexts(value, (text) => redact(text, used)) as T)
}

/** The values again, as they are now. Throws Fault config.invalid when one cannot be had any more. */
export function fill<T>(value: T, sources: SecretSources): T {
  return mapTexts(value, (text) => {
    const { text: filled, missing } = substitute(text, sources, new Map())
    if (missing.length === 0) return filled
    throw new Fault('config.invalid', missing.join('; '), { source: 'user', retry: 'yes' })
  }) as T
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]))
}
