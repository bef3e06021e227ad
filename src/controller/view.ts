import type { View } from '../core/scaling.ts'
import type { Measured } from './measured.ts'
import type { Replacing } from './replacing.ts'

/** What decisions see, and the readings that it was made of. */
export interface FleetView extends View {
  readonly measured: Measured
  /** As `have`, with the reserve. */
  readonly there: number
  /** Ordered out by an operator, who may take them back any time: they keep their places. */
  readonly drained: number
  /** What `plan` does besides what was decided; null = every server is as it should be. */
  readonly replacing: Replacing | null
}
