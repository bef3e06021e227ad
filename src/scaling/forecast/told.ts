import type { Foretold, Outlook } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'

/** What an outlook has of a forecast. Who made it may live elsewhere, so nothing of one that is no number is believed. Pure. */
export function told(made: Foretold, madeAt: Millis): Outlook['forecast'] {
  if (made === null) return { why: 'too little is known for a forecast' }
  const { forecast } = made
  if (!Number.isFinite(forecast.high) || !Number.isFinite(forecast.expected))
    return { why: 'the forecast is no number' }
  return { ...forecast, madeAt }
}
