import { expect } from 'vitest'
import type { MetricName, Sample } from '../../src/core/metrics.ts'
import type { FleetSpec } from '../../src/core/policy.ts'
import type { Change, Decision, Past } from '../../src/core/scaling.ts'
import type { Millis } from '../../src/core/time.ts'
import { parseDuration } from '../../src/core/units.ts'
import { windowsOf } from '../../src/core/windows.ts'
import { cronCalendar } from '../../src/drivers/cron/calendar.ts'
import { askedBy, decide } from '../../src/scaling/decide.ts'
import { policiesOf } from '../../src/scaling/policies/compile.ts'
import { aView, NOON, type Values } from './scaling.ts'

/** A fleet over time, a tick a second: what is said of an instant holds until the next. Servers come and go at once. */
export function story(fleet: FleetSpec, start: { readonly servers: number }) {
  const policies = policiesOf(fleet)
  const past: {
    samples: Record<MetricName, Sample[]>
    wants: { at: Millis; want: number }[]
    beforeEvents?: number
    ineffective?: NonNullable<Past['ineffective']>
  } = {
    samples: {},
    wants: [],
  }
  const clocks = cronCalendar()
  const changes: Change[] = []
  let now = NOON
  let have = start.servers
  let metrics: Values = {}

  const tick = (): Decision => {
    const calendar = windowsOf(fleet.policies, clocks, now)
    const view = aView({ fleet, now, serving: have, metrics, past, changes, calendar })
    const decision = decide(view, policies)
    for (const [metric, value] of Object.entries(metrics)) {
      ;(past.samples[metric] ??= []).push({ value, at: now })
    }
    if (decision.beforeEvents === undefined) delete past.beforeEvents
    else past.beforeEvents = decision.beforeEvents
    if (decision.ineffective === undefined) delete past.ineffective
    else past.ineffective = decision.ineffective
    if (decision.raw !== null) past.wants.push({ at: now, want: decision.raw })
    if (decision.want !== have)
      changes.push({ at: now, from: have, to: decision.want, by: askedBy(decision) })
    have = decision.want
    now += 1_000
    return decision
  }

  return {
    /** At this time after the start, later than the one before. */
    at(time: string, values: Values) {
      const at = NOON + parseDuration(time)!
      while (now < at) tick()
      metrics = values
      const decision = tick()
      return {
        decision,
        /** Holds the decision's number, and that one of its reasons says this, against the expected. */
        wants(want: number, says?: string): void {
          const reasons = decision.because.map((reason) => `${reason.by}: ${reason.says}`).join('\n')
          expect(decision.want, reasons).toBe(want)
          if (says !== undefined) expect(reasons).toContain(says)
        },
      }
    },
  }
}
