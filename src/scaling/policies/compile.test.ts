import { expect, test } from 'vitest'
import { aStep, aTarget } from '../../../test/kit/scaling.ts'
import { compilePolicies } from './compile.ts'

test('makes every policy, in order, with the metrics it reads', () => {
  const specs = [
    aTarget('rps', 100, 'busy'),
    aStep('cpu < 20% and memory < 30%', 60_000, { kind: 'remove', servers: 1 }, 'cold'),
  ]
  const compiled = compilePolicies(specs, {})
  expect(compiled).toMatchObject({
    ok: true,
    policies: [
      { name: 'busy', metrics: ['rps'], lookBackMs: 0 },
      { name: 'cold', metrics: ['cpu', 'memory'], lookBackMs: 60_000 },
    ],
  })
})

test('reports all problems at once, each with its policy and place', () => {
  const bad = aStep('cpu > 80', 0, { kind: 'add', servers: 1 }, 'hot')
  const worse = aStep('cpu < 20% and', 0, { kind: 'remove', servers: 1 }, 'cold')
  expect(compilePolicies([bad, aTarget('rps', 100), worse], {})).toMatchObject({
    ok: false,
    problems: [
      { policy: 'hot', at: bad.when, column: 7 },
      { policy: 'cold', at: worse.when, column: 13 },
    ],
  })
})
