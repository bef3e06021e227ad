import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregate } from './aggregate.ts'
import { formatCsv, MOST_SAMPLES, parseCsv } from './history-csv.ts'

const AT = 1_767_225_600_000

test.each([
  ['seconds', '1767225600', AT],
  ['seconds with a fraction', '1767225600.25', AT + 250],
  ['milliseconds', '1767225600250', AT + 250],
  ['ISO 8601 in UTC', '2026-01-01T00:00:00Z', AT],
  ['ISO 8601 with a zone', '2026-01-01T08:00:00.250+08:00', AT + 250],
  ['ISO 8601 with a space', '2026-01-01 00:00Z', AT],
  ['a day', '2026-01-01', AT],
  ['ISO 8601 without a zone, in UTC', '2026-01-01T00:00:00', AT],
])('takes %s', (_what, text, at) => {
  expect(parseCsv(`timestamp,value\n${text},1.5\n`)).toEqual({ ok: true, samples: [{ at, value: 1.5 }] })
})

test('takes what spreadsheets and other programs write', () => {
  const text = '\uFEFFhost,"Value",Timestamp\r\na,"2.5e1",1767225600\r\n\r\na,-0.5,1767225601\r\n'
  expect(parseCsv(text)).toEqual({
    ok: true,
    samples: [
      { at: AT, value: 25 },
      { at: AT + 1000, value: -0.5 },
    ],
  })
})

test('an empty value or NaN is a gap, not zero', () => {
  expect(parseCsv('timestamp,value\n1767225600,\n1767225601,NaN\n1767225602,0')).toEqual({
    ok: true,
    samples: [{ at: AT + 2000, value: 0 }],
  })
})

test('tells every bad line, and of many the first ones', () => {
  const text =
    'timestamp,value\n1767225600,1\nyesterday,2\n1767225602\n1767225603,high\n2026-02-30T00:00:00Z,1'
  expect(parseCsv(text)).toEqual({
    ok: false,
    problems: [
      'line 3: expected an instant such as 1767225600 or 2026-01-01T00:00:00Z, got "yesterday"',
      'line 4: expected 2 columns, got 1',
      'line 5: expected a number, got "high"',
      'line 6: expected an instant such as 1767225600 or 2026-01-01T00:00:00Z, got "2026-02-30T00:00:00Z"',
    ],
  })
  const many = parseCsv(`timestamp,value\n${'x,1\n'.repeat(50)}`)
  expect(many.ok ? [] : many.problems.slice(-1)).toEqual(['and 30 more'])
})

test.each(['', 'time,value', 'timestamp;value', '1767225600,1'])('refuses the header "%s"', (header) => {
  const problems = [`line 1: expected the header "timestamp,value", got "${header}"`]
  expect(parseCsv(`${header}\n1767225600,1`)).toEqual({ ok: false, problems })
})

test('shows nothing that a terminal would obey', () => {
  const parsed = parseCsv('\u001B[2J\uFFFD\n')
  expect(parsed.ok ? [] : parsed.problems).toEqual([
    'line 1: expected the header "timestamp,value", got "?[2J?"',
  ])
})

test('refuses more than it can take', () => {
  const parsed = parseCsv(`timestamp,value\n${'1767225600,1\n'.repeat(MOST_SAMPLES + 1)}`)
  expect(parsed.ok ? [] : parsed.problems).toEqual([expect.stringContaining('cut the file up')])
})

test('reads back what it writes', () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 })
  fc.assert(
    fc.property(values, (list) => {
      const lines = formatCsv(list.map((value, index) => ({ at: AT + index * 1000, ...aggregate([value]) })))
      const samples = list.map((value, index) => ({ at: AT + index * 1000, value: value + 0 }))
      expect(parseCsv(lines.join('\n'))).toEqual({ ok: true, samples })
    }),
  )
})
