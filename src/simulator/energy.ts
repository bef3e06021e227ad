import type { CarbonRates } from '../core/carbon.ts'
import { type Watts, zonedHour } from '../core/cost.ts'
import type { Millis } from '../core/time.ts'
import type { Moment } from './run.ts'

const HOUR: Millis = 3_600_000

/** What a server draws, and what that does to the air where all of them stand; null = nobody says. */
export interface Drawing {
  readonly watts: Watts
  readonly carbon: Pick<CarbonRates, 'carbon' | 'timezone'> | null
}

export interface Energy {
  readonly kilowattHours: number
  readonly carbonGrams?: number
}

/** Power of a run, as a straight line from rest to full load by the work that is done: servers that start or wait are at rest, and those that drain are
 *  left out. The fluid world knows no zones, so that only what holds everywhere counts. */
export class EnergyMeter {
  readonly #drawing: Drawing
  readonly #stepMs: Millis
  readonly #startAt: Millis
  #wattHours = 0
  #grams = 0

  constructor(drawing: Drawing, { stepMs, startAt }: { readonly stepMs: Millis; readonly startAt: Millis }) {
    this.#drawing = drawing
    this.#stepMs = stepMs
    this.#startAt = startAt
  }

  add({ now, had, busy }: Pick<Moment, 'now' | 'had' | 'busy'>): void {
    const { watts, carbon } = this.#drawing
    const drawn = watts.idle * had + (watts.peak - watts.idle) * busy
    const wattHours = (drawn * this.#stepMs) / HOUR
    this.#wattHours += wattHours
    const everywhere = carbon?.carbon.everywhere ?? null
    if (carbon === null || everywhere === null) return
    const hour = zonedHour(this.#startAt + now - this.#stepMs, carbon.timezone)
    this.#grams += (wattHours / 1000) * everywhere[hour]!
  }

  get figures(): Energy {
    const known = (this.#drawing.carbon?.carbon.everywhere ?? null) !== null
    return { kilowattHours: this.#wattHours / 1000, ...(known && { carbonGrams: this.#grams }) }
  }
}
