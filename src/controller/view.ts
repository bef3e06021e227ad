import type { View } from '../core/scaling.ts'
import type { Measured } from './measured.ts'

/** What decisions see, and the readings that it was made of. */
export interface FleetView extends View {
  readonly measured: Measured
}
