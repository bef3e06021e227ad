import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { brokenBy, readAssertion } from './assertion.ts'
import type { Outcome } from './run.ts'

const anOutcome = (over: Partial<Outcome>): Outcome => ({
  name: 'hpa@60',
  violationsPct: 1,
  droppedPct: 0.1,
  p95WaitMs: 40,
  p99WaitMs: 300,
  serverHours: 1000,
  costToClairvoyant: 1.3,
  costToFixedPeak: 0.4,
  changesPerDay: 200,
  underProvisionedPct: 1,
  overProvisionedPct: 30,
  underTimePct: 5,
  overTimePct: 80,
  ...over,
})
const OUTCOMES = [anOutcome({}), anOutcome({ name: 'tidegate@60', violationsPct: 0.4 })]

function broken(text: string, outcomes = OUTCOMES): readonly string[] {
  const assertion = readAssertion(text)
  if (typeof assertion === 'string') throw new Error(assertion)
  const sentences = brokenBy(assertion, outcomes)
  expect(untranslated(sentences)).toEqual([])
  return sentences
}

test('is about tidegate, or the policy that it names, or everybody', () => {
  expect(broken('violations < 0.5%')).toEqual([])
  expect(broken('hpa@60: violations < 0.5%')).toEqual(['hpa@60: violations < 0.5%: hpa@60 has 1'])
  expect(broken('violations<0.5%', OUTCOMES.slice(0, 1))).toHaveLength(1)
  expect(broken('hpa: p99-wait <= 300ms')).toEqual([])
  expect(broken('ess: dropped < 1')).toEqual(['ess: dropped < 1: no policy "ess" was simulated'])
})

test('knows all four comparisons, and units', () => {
  expect(broken('hpa: p95-wait < 40ms')).toHaveLength(1)
  expect(broken('hpa: p95-wait <= 0.04s')).toHaveLength(0)
  expect(broken('hpa: server-hours > 1000')).toHaveLength(1)
  expect(broken('hpa: server-hours >= 1000')).toHaveLength(0)
})

test('says what is wrong with what it cannot read', () => {
  const problems = ['violations', 'joy < 1', 'violations < few', 'p95-wait < 100'].map(readAssertion)
  expect(problems).toEqual([
    'expected a figure, <, <=, > or >=, and a value, such as "violations < 0.5%", got "violations"',
    'there is no figure "joy"; expected one of violations, dropped, p95-wait, p99-wait, server-hours, cost-to-clairvoyant, cost-to-fixed-peak, changes-per-day, under-provisioned, over-provisioned, under-time, over-time',
    'expected a percentage such as 0.5% for violations, got "few"',
    'expected a duration such as 100ms for p95-wait, got "100"',
  ])
  expect(untranslated(problems.map(String))).toEqual([])
})
