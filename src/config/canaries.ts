import type * as z from 'zod'
import type { ListenerSpec } from '../core/balancer.ts'
import type { CanarySpec } from '../core/canary.ts'
import { canaryOf, type SplitSpec } from '../core/rule.ts'
import type { CANARY } from './canary-schema.ts'
import { checkReference } from './entries.ts'
import type { Place } from './place.ts'
import type { Report } from './report.ts'
import { stickyOf, warnOfCookie } from './sticky.ts'

/** Shares of a canary are whole ten-thousandths. */
const LEAST_STEP = 0.0001

/** A rule's pool that gives way to another one: a split whose weights the controller moves. Until it does, all stays where it is. */
export function readCanary(
  parsed: z.output<typeof CANARY>,
  stable: string,
  { path, pools, report }: Place,
): SplitSpec {
  const { pool, name = pool } = parsed
  checkReference('pool', pool, { path: [...path, 'pool'], known: pools }, report)
  if (pool === stable)
    report.error([...path, 'pool'], 'it is the pool that the rule has already; expected another one')
  if (parsed.step < LEAST_STEP)
    report.error([...path, 'step'], 'nothing would ever move; expected at least 0.01%')
  if (!/^[a-z0-9-]{1,29}$/.test(name))
    report.error(
      [...path, 'pool'],
      `${name} is no name for a canary; expected name: with one of at most 29 letters`,
    )
  warnOfCookie(parsed, path, report)
  const canary: CanarySpec = {
    name,
    step: parsed.step,
    intervalMs: parsed.interval,
    minRequests: parsed['min-requests'],
    successDrop: parsed['success-drop'],
    p95Rise: parsed['p95-rise'],
  }
  const shares = [
    { pool: stable, weight: 1 },
    { pool, weight: 0 },
  ]
  return { kind: 'split', shares, sticky: stickyOf(parsed), canary }
}

/** Commands know a canary by its name alone. */
export function checkCanaryNames(listeners: readonly ListenerSpec[], report: Report): void {
  const known = new Set<string>()
  for (const { name: listener, rules } of listeners) {
    rules.forEach((rule, index) => {
      const name = canaryOf(rule)?.name
      if (name === undefined) return
      if (known.has(name))
        report.error(
          ['listeners', listener, 'rules', index, 'canary'],
          `another canary is called ${name}; expected a name: of its own`,
        )
      known.add(name)
    })
  }
}
