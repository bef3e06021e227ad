import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import type { MeasuredPeriod, Probation } from '../../core/tuning.ts'
import { judge } from './judge.ts'

const PROBATION: Probation = {
  sinceAt: 0,
  untilAt: 1,
  changes: [],
  before: [],
  kind: 'saving',
  saving: 0.05,
}
const BEFORE: MeasuredPeriod = {
  known: 1,
  requests: 1e6,
  serverHours: 100,
  p95Ms: 40,
  errors: 0.001,
  crowded: 0.01,
}

function judged(after: Partial<MeasuredPeriod>, over: Partial<Probation> = {}, before = BEFORE) {
  const judgement = judge({ ...PROBATION, ...over }, { before, after: { ...BEFORE, ...after } })
  expect(untranslated([judgement.says])).toEqual([])
  return `${judgement.verdict}: ${judgement.says}`
}

test('a step stays that is no worse, with what it saved', () => {
  expect(judged({ serverHours: 95 })).toBe('stays: 5 % fewer server-hours for each request')
  expect(judged({ serverHours: 101, p95Ms: 45, errors: 0.002 })).toMatch(/^stays: 1 % more/)
})

test('it goes when it costs more, answers later, fails more or crowds servers', () => {
  expect(judged({ serverHours: 110 })).toBe(
    'goes: 10 % more server-hours for each request, where 5 % fewer were predicted',
  )
  expect(judged({ serverHours: 95, p95Ms: 60 })).toBe('goes: p95 is 60ms in place of 40ms')
  expect(judged({ serverHours: 95, errors: 0.01 })).toBe('goes: 1 % of the requests fail in place of 0.1 %')
  expect(judged({ crowded: 0.2 })).toBe('goes: 20 % of the requests come to crowded servers in place of 1 %')
})

test('relief may cost what was predicted, and crowds servers more by chance only', () => {
  const relief = { kind: 'relief', saving: -0.05 } as const
  expect(judged({ serverHours: 106, crowded: 0 }, relief)).toMatch(/^stays: 6 % more/)
  expect(judged({ serverHours: 120, crowded: 0 }, relief)).toMatch(
    /20 % more .* where 5 % more were predicted/,
  )
  expect(judged({ crowded: 0.029 }, relief)).toMatch(/^stays/)
  expect(judged({ crowded: 0.031 }, relief)).toMatch(/^goes/)
})

test('relief that was to save something stays when it saves less', () => {
  const relief = { kind: 'relief', saving: 0.08 } as const
  expect(judged({ serverHours: 99 }, relief)).toMatch(/^stays: 1 % fewer/)
  expect(judged({ serverHours: 106 }, relief)).toMatch(/^goes: 6 % more .* where 8 % fewer were predicted/)
})

test('another load is looked at for longer, and then its cost is not compared', () => {
  const double = { requests: 2e6, serverHours: 300 }
  expect(judged(double)).toBe('unlike: the load was another than before')
  expect(judged(double, { prolonged: true })).toBe(
    'stays: the load was another, so that its cost cannot be compared',
  )
  expect(judged({ ...double, p95Ms: 60 }, { prolonged: true })).toMatch(/^goes: p95 is 60ms/)
  expect(judged({ serverHours: 110 }, { prolonged: true })).toMatch(/^goes: 10 % more/)
  expect(judged({}, {}, { ...BEFORE, requests: 0, serverHours: 0 })).toMatch(/^unlike/)
  expect(judged({}, {}, { ...BEFORE, serverHours: 0 })).toMatch(/^unlike/)
})

test('of half a time its half is compared, and what nobody measured goes', () => {
  const half = { ...BEFORE, known: 0.5, requests: 5e5, serverHours: 50 }
  expect(judged({ serverHours: 110 }, {}, half)).toMatch(/^goes: 10 % more/)
  expect(judged({ known: 0.3 })).toBe('goes: too little was measured to tell whether it is better')
  expect(judged({ serverHours: 95, p95Ms: null, errors: null, crowded: null })).toMatch(/^stays/)
})
