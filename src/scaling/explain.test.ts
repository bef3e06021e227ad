import { expect, test } from 'vitest'
import { aFleet, aStep, aTarget, aView, NOON, samples } from '../../test/kit/scaling.ts'
import { decide } from './decide.ts'
import { explainDecision } from './explain.ts'
import { compilePolicies } from './policies/compile.ts'

const POLICIES = [
  aTarget('in-flight-per-server', 8, 'busy'),
  aStep('(cpu - 5%) * 2 > 80% and memory > 1%', 300_000, { kind: 'add', servers: 1 }, 'hot'),
]

function explained(over: Parameters<typeof aView>[0], now?: number): string[] {
  const compiled = compilePolicies(POLICIES)
  if (!compiled.ok) throw new Error(compiled.problems[0]!.message)
  return explainDecision(decide(aView(over), compiled.policies), now)
}

test('tells why, and why not: reasons, then every policy with what it saw', () => {
  const lines = explained(
    {
      serving: 2,
      fleet: aFleet({ max: 3 }),
      metrics: { 'in-flight-per-server': 20, cpu: 0.9, memory: 0.5 },
      past: {
        samples: { cpu: samples(0.9, NOON - 10_000, NOON), memory: samples(0.5, NOON - 10_000, NOON) },
        wants: [],
      },
    },
    NOON,
  )
  expect(lines).toEqual([
    'from 2 to 3 servers',
    '  policy:busy 2 -> 5: in-flight-per-server is 20 on 2 servers, target 8: needs 5 servers',
    '  guard:limits 5 -> 3: at most 3 (max)',
    'policy busy wants 5: in-flight-per-server is 20 on 2 servers, target 8: needs 5 servers',
    '  in-flight-per-server = 20',
    'policy hot abstains: (cpu - 5%) * 2 > 80% and memory > 1% has been true for 10s of 5m',
    '  (cpu - 5%) * 2 > 80% and memory > 1% = true',
    '    (cpu - 5%) * 2 > 80% = true',
    '      (cpu - 5%) * 2 = 170%',
    '        (cpu - 5%) = 85%',
    '          cpu = 90%',
    '    memory > 1% = true',
    '      memory = 50%',
  ])
})

test('says what has no data', () => {
  const lines = explained({ serving: 1, metrics: { 'in-flight-per-server': 8 } })
  expect(lines).toContain('  in-flight-per-server = 8')
  expect(lines).toContain('          cpu = no data')
  expect(lines[0]).toBe('stays at 1 server')
})

test('says when a guard ends, as time left or as an instant', () => {
  const over = {
    serving: 4,
    metrics: { 'in-flight-per-server': 40, cpu: 0.1, memory: 0.5 },
    backoff: { failures: 2, untilAt: NOON + 8_000, why: 'exited with code 1' },
  }
  const says = '  guard:backoff 10 -> 4: exited with code 1; the next launch waits'
  expect(explained(over, NOON)).toContain(`${says} (8s left)`)
  expect(explained(over, NOON + 9_000)).toContain(`${says} (ends now)`)
  expect(explained(over)).toContain(`${says} (until 2027-01-15T08:00:08.000Z)`)
})
