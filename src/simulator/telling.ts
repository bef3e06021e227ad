import { parseDuration } from '../core/units.ts'
import type { Telling } from './fluid/meter.ts'

/** How what is measured reaches a policy, or all of them. */
export interface TellingOf extends Telling {
  /** Its name; null = everybody. */
  readonly policy: string | null
}

const FORM = /^(?:([a-z0-9%-]+):)?([^/:]+)\/([^/:]+)(?:\/(\d+(?:\.\d+)?)%)?$/

/** `60s/60s` (delay and period), `60s/60s/5%` (and loss), `hpa:15s/30s`; null = it is none of these. */
export function readTelling(text: string): TellingOf | null {
  const [, policy = null, delay = '', period = '', loss = '0'] = FORM.exec(text) ?? []
  const [delayMs, periodMs] = [parseDuration(delay), parseDuration(period)]
  const share = Number(loss) / 100
  if (delayMs === null || periodMs === null || share >= 1) return null
  return { policy, delayMs, periodMs, loss: share }
}
