import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import type { Capacity } from '../core/learned.ts'
import { learnedLines } from './learned.ts'

const SURE: Capacity = {
  by: 'queue',
  mostRps: { value: 79.96, low: 75.24, high: 84.11 },
  kneeRps: 61.3,
  kneeInFlight: 6.9,
  slots: 8,
  steps: 1440,
  confident: true,
}
const FREE = { capacityRps: null, startupMs: null }

test('says what a server carries, how sure that is, and how long one starts', () => {
  const startup = { medianMs: 21_000, p95Ms: 40_000, count: 12 }
  const perhaps = { ...SURE, by: 'cpu', confident: false } as const
  const unbound = { ...perhaps, mostRps: { ...SURE.mostRps, high: null } }
  const lines = [
    ...learnedLines({ capacity: SURE, startup, fixed: FREE }),
    ...learnedLines({ capacity: perhaps, startup: null, fixed: FREE }),
    ...learnedLines({ capacity: unbound, startup: null, fixed: { capacityRps: 80, startupMs: 30_000 } }),
  ]
  expect(lines).toEqual([
    'a server carries 61.3/s before its latency knees, and 80/s at most (75.2/s to 84.1/s), by its queue in 1440 steps of the history',
    'a server starts in 21s (P95 40s, of 12 starts)',
    'a server carries perhaps 80/s (75.2/s to 84.1/s); that is not sure yet, by its CPU in 1440 steps of the history',
    'the file says that a server carries 80/s',
    'a server carries 75.2/s or more; nothing has shown yet how much, by its CPU in 1440 steps of the history',
    'the file says that a server starts in 30s',
  ])
  expect(untranslated([...lines, ...lines.map((line) => `api: learned: ${line}`)])).toEqual([])
  const queued = { ...SURE, confident: false }
  const others = [queued, { ...queued, mostRps: unbound.mostRps }, { ...SURE, by: 'cpu' } as const]
  expect(
    untranslated(others.flatMap((capacity) => learnedLines({ capacity, startup: null, fixed: FREE }))),
  ).toEqual([])
})

test('says nothing where nothing is known', () => {
  expect(learnedLines({ capacity: null, startup: null, fixed: FREE })).toEqual([])
})
