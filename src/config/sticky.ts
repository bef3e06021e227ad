import type { StickySpec } from '../core/rule.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'

interface Parsed {
  readonly sticky: 'none' | 'cookie' | 'source'
  readonly cookie: string
  /** In ms. */
  readonly lifetime: number
}

export function warnOfCookie({ sticky }: Parsed, path: Path, report: Report): void {
  for (const key of ['cookie', 'lifetime'] as const) {
    if (sticky !== 'cookie' && report.has([...path, key])) {
      report.warn([...path, key], 'has no effect without sticky: cookie')
    }
  }
}

export function stickyOf({ sticky, cookie, lifetime }: Parsed): StickySpec | null {
  if (sticky === 'none') return null
  return sticky === 'source' ? { by: 'source' } : { by: 'cookie', name: cookie, lifetimeMs: lifetime }
}
