import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { type ReadTrace, readTrace, traceOfSamples } from './read.ts'

/** The values and notes of a trace that can be read. */
function read(lines: readonly string[], stepMs: number | null = null) {
  const result = readTrace(lines.join('\n'), stepMs)
  if (!result.ok) throw new Error(result.problems.join('; '))
  const { trace, notes } = result
  expect(untranslated(notes)).toEqual([])
  return { startAt: trace.startAt, stepMs: trace.stepMs, values: [...trace.values], notes }
}

function problems(lines: readonly string[], stepMs: number | null = null): readonly string[] {
  const result: ReadTrace = readTrace(lines.join('\n'), stepMs)
  expect(untranslated(result.ok ? result.notes : result.problems)).toEqual([])
  return result.ok ? [] : result.problems
}

test('reads the named columns, in UTC where there is no zone', () => {
  const lines = ['name,value,timestamp', 'a,1,2026-01-01T00:00:00', 'b,2.5,2026-01-01 00:01:00', '']
  expect(read(lines)).toEqual({
    startAt: Date.UTC(2026, 0, 1),
    stepMs: 60_000,
    values: [1, 2.5],
    notes: [],
  })
})

test('does not guess which of several columns is the load', () => {
  expect(problems(['time,host,rps', '0,7,1', '30,7,2'])).toEqual([
    'no column is called value or mean: call the one that is the load so, of time, host, rps',
  ])
})

test('reads the first two columns where there are no others or no header', () => {
  expect(read(['when,rps', '0,1', '30,2']).values).toEqual([1, 2])
  expect(read(['0,1,x', '30,2,y', '60,3,z'])).toMatchObject({ stepMs: 30_000, values: [1, 2, 3] })
})

test('reads what our own history exports', () => {
  const lines = ['timestamp,min,mean,max,p95,count', '0,1,4,9,8,5', '300,2,6,7,7,5']
  expect(read(lines).values).toEqual([4, 6])
})

test('takes the median distance as the step, and another where it is told', () => {
  expect(read(['0,1', '10,2', '20,3', '50,6']).stepMs).toBe(10_000)
  expect(read(['0,1', '10,3', '20,5', '30,7'], 20_000).values).toEqual([1, 4, 7])
})

test('bridges gaps by a straight line and tells them', () => {
  expect(read(['0,1', '10,2', '20,', '30,4', '60,10'])).toMatchObject({
    values: [1, 2, 3, 4, 6, 8, 10],
    notes: [
      'lines without a value: 1 (first in line 3)',
      'steps of 10s without a value, bridged by a straight line: 3 of 7, the longest gap 20s',
    ],
  })
})

test('bridges to the ends as the nearest value is', () => {
  expect(read(['0,NaN', '10,2', '20,3', '30,null']).values).toEqual([2, 2, 3, 3])
})

test('sorts what is out of order, takes the mean of what repeats, and negative values as missing', () => {
  expect(read(['timestamp,value', '20,3', '0,1', '10,2', '10,4', '30,-5', '40,5'])).toMatchObject({
    values: [1, 3, 3, 4, 5],
    notes: [
      'negative values, taken as missing: 1 (first in line 6)',
      'lines out of order, sorted: 1 (first in line 3)',
      'timestamps that repeat, their mean taken: 1',
      expect.stringContaining('1 of 5'),
    ],
  })
})

test('refuses what it cannot read, with every line', () => {
  expect(problems(['timestamp,value', 'soon,1', '10,many', '20,3'])).toEqual([
    'line 2: expected an instant such as 1767225600 or 2026-01-01T00:00:00Z, got "soon"',
    'line 3: expected a number, got "many"',
  ])
  const bad = Array.from({ length: 25 }, () => '0,x')
  expect(problems(bad)).toHaveLength(21)
  expect(problems(bad).at(-1)).toBe('and 5 more')
})

test('refuses a trace of less than two values, and one of too many steps', () => {
  expect(problems([''])).toEqual(['expected at least 2 values, got 0'])
  expect(problems(['5,1', '5,2'])).toEqual(['all lines have the same timestamp'])
  expect(problems(['0,1', '10000000000,2'], 100)).toEqual([
    expect.stringMatching(/in steps of 100ms are more than 10000000; give a longer step$/),
  ])
})

test('mends samples as it mends lines, and says when they were', () => {
  const samples = [
    { at: 120_000, value: 3 },
    { at: 0, value: 1 },
    { at: 60_000, value: Number.NaN },
    { at: 180_000, value: -1 },
    { at: 240_000, value: 5 },
  ]
  const result = traceOfSamples(samples, 60_000)
  if (!result.ok) throw new Error(result.problems.join('; '))
  expect([...result.trace.values]).toEqual([1, 2, 3, 4, 5])
  expect(result.notes).toEqual([
    'negative values, taken as missing: 1 (first at 1970-01-01T00:03:00.000Z)',
    'samples without a value: 1 (first at 1970-01-01T00:01:00.000Z)',
    'samples out of order, sorted: 1 (first at 1970-01-01T00:00:00.000Z)',
    'steps of 1m without a value, bridged by a straight line: 2 of 5, the longest gap 1m',
  ])
  expect(traceOfSamples([], 60_000)).toEqual({
    ok: false,
    problems: ['expected at least 2 values, got 0'],
  })
  expect(untranslated(result.notes)).toEqual([])
})
