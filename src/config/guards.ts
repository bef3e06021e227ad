import type * as z from 'zod'
import type { GuardSpec, Pace } from '../core/policy.ts'
import type { Path } from './document.ts'
import { type GUARDS, PACE } from './guard-schema.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'

type Guards = z.output<typeof GUARDS>

/** A metric that is wrong must not empty a fleet at once. */
const IN_PACE: readonly Pace[] = [
  { servers: 4, perMs: 60_000 },
  { ratio: 0.5, perMs: 60_000 },
]
/** A reaction to load does not wait; `max` is its limit. */
const OUT_PACE: readonly Pace[] = []

/** `guards:` of a fleet, at that path. */
export function readGuards(guards: Guards, path: Path, report: Report): GuardSpec {
  const { patience, cooldown, pace, effect, fresh } = guards
  const budget = guards['flap-budget']
  return {
    outPatienceMs: patience.out,
    inPatienceMs: patience.in,
    outCooldownMs: cooldown.out,
    inCooldownMs: cooldown.in,
    outPace: pace.out ? readPaces(pace.out, [...path, 'pace', 'out'], report) : OUT_PACE,
    inPace: pace.in ? readPaces(pace.in, [...path, 'pace', 'in'], report) : IN_PACE,
    flapBudget: budget.reversals === null ? null : { reversals: budget.reversals, perMs: budget.per },
    effect: effect.after === null ? null : { afterMs: effect.after, holdMs: effect.hold },
    freshMs: fresh,
  }
}

function readPaces(items: readonly unknown[], path: Path, report: Report): readonly Pace[] {
  return items.map((raw, index) => readPace(raw, [...path, index], report)).filter((one) => one !== null)
}

/** null when the problem has been reported. */
function readPace(raw: unknown, path: Path, report: Report): Pace | null {
  const parsed = parsePart(PACE, raw, path, report)
  if (!parsed) return null
  const { servers, share, per } = parsed
  if (servers !== undefined && share === undefined) return { servers, perMs: per }
  if (share !== undefined && servers === undefined) return { ratio: share, perMs: per }
  // As written: a wrong one is not in `parsed`, but it was given and is reported.
  const given = ['servers', 'share'].filter((key) => report.has([...path, key]))
  if (given.length !== 1)
    report.error(path, `expected one of servers and share, got ${given.join(' and ') || 'none'}`)
  return null
}
