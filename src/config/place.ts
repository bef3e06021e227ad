import type { Path } from './document.ts'
import type { Report } from './report.ts'

/** Where the names of pools are known. */
export interface Place {
  readonly path: Path
  readonly pools: readonly string[]
  readonly report: Report
}
