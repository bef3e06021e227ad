import { expect, test } from 'vitest'
import type { CustomMetrics } from '../../core/metrics.ts'
import { readRule } from './rule.ts'

/** The error's message with its column in front. */
function errorOf(text: string, custom: CustomMetrics = {}): string {
  const rule = readRule(text, custom)
  return rule.kind === 'error' ? `${rule.column}: ${rule.message}` : `no error: ${rule.text}`
}

test.each([
  'cpu > 80%',
  'cpu > 0.8',
  'rps > 2000',
  'rps > 2000/s',
  'in-flight-per-server >= 8',
  'cpu > 80% and rps > 2000',
  'not cpu > 80% or memory < 30%',
  'not (cpu > 80% or memory < 30%)',
  '(rps + 100) * 2 > 500',
  'rps - 100 > 500',
  'rps / rps-per-server > 3',
  'connections / in-flight > 4',
  'rps * 80% > 1000',
  '80% * rps > 1000',
  'cpu - 5% > 80%',
  'cpu > 80% and (rps < 10 or memory > 20%)',
  '20% < cpu and cpu < 80%',
  'cpu != 0%',
])('accepts %s', (text) => {
  expect(errorOf(text)).toBe(`no error: ${text}`)
})

test('names every metric once, by its own name', () => {
  const rule = readRule('qps > 10 and rps < 20 or cpu > 80%', {})
  expect(rule).toMatchObject({ metrics: ['rps', 'cpu'], text: 'rps > 10 and rps < 20 or cpu > 80%' })
})

test('prints the plainest spelling', () => {
  expect(readRule('  ((qps>10))   AND (cpu)>80% ', {})).toMatchObject({ text: 'rps > 10 and cpu > 80%' })
})

test.each([
  ['', '1: the rule ends here, expected a metric, a quantity or `(`'],
  ['cpu >', '5: the rule ends here, expected a metric, a quantity or `(`'],
  ['cpu > 80% and', '13: the rule ends here, expected a metric, a quantity or `(`'],
  ['(cpu > 80%', '10: the rule ends here, expected `)`'],
  ['cpu > 80%)', '10: found `)`, expected `and`, `or` or the end'],
  ['cpu > 80% rps > 3', '11: found `rps`, expected `and`, `or` or the end'],
  ['10% < cpu < 80%', '11: comparisons cannot be chained; join two with `and`'],
  ['cpu = 80%', '5: `=` is not understood here; write `==`'],
  ['cpu > 80% && rps > 3', '11: `&` is not understood here; write `and`'],
  ['cpu > 80% || rps > 3', '11: `|` is not understood here; write `or`'],
  ['!(cpu > 80%)', '1: `!` is not understood here; write `not`, or `!=` to compare'],
  ['cpu > .8', '7: `.` is not understood here; write a number with a digit before the point, as in 0.8'],
  ['cpu > 😀', '7: `😀` is not understood here'],
])('points at the syntax error of %s', (text, error) => {
  expect(errorOf(text)).toBe(error)
})

test.each([
  ['cup > 80%', '1: there is no metric `cup`; did you mean cpu?'],
  ['cpu > 80% and memmory > 1%', '15: there is no metric `memmory`; did you mean memory?'],
  [
    'in-flight-per-sever > 8',
    '1: there is no metric `in-flight-per-sever`; did you mean in-flight-per-server?',
  ],
  [
    'rps-per-server-rps > 8',
    '1: there is no metric `rps-per-server-rps`; a minus needs spaces around it: rps-per-server - rps',
  ],
  ['rps -100 > 8', '5: a minus needs a space before and after it'],
])('says which metric was meant in %s', (text, error) => {
  expect(errorOf(text)).toBe(error)
})

test('lists the metrics when none is close', () => {
  expect(errorOf('bananas > 80%')).toContain('known metrics: cpu, memory, rps')
})

test.each([
  ['cpu > 80', '7: `cpu` is a ratio: write 80% or 0.8 instead of `80`'],
  ['80 < cpu', '1: `cpu` is a ratio: write 80% or 0.8 instead of `80`'],
  ['cpu > 2GiB', '7: `2GiB` cannot be compared with `cpu`, which is a ratio: write 80%'],
  ['rps > 80%', '7: `80%` cannot be compared with `rps`, which is a rate per second: write 2000 or 2000/s'],
  ['in-flight > 300ms', '13: `300ms` cannot be compared with `in-flight`, which is a count: write 8'],
  ['rps + cpu > 3', '1: `rps` cannot be combined with `cpu`, which is a ratio: write 80%'],
  ['rps * rps > 3', '1: `rps` multiplied by `rps` has no unit known here; one side must be a plain number'],
  [
    'rps / connections > 3',
    '1: `rps` divided by `connections` has no unit known here; divide by a plain number or by the same unit',
  ],
  ['500Mbps * 2 > 3', '15: `500Mbps * 2` is a bandwidth: write 500Mbps instead of `3`'],
  ['cpu', '1: `cpu` is a ratio, not a condition; compare it, as in cpu > 80%'],
  [
    'cpu > 80% and rps',
    '15: `rps` is a rate per second, not a condition; compare it, as in rps > 2000 or 2000/s',
  ],
  [
    '(cpu > 80%) > 3',
    '1: `(cpu > 80%)` is a condition, a number is expected here; join conditions with `and` or `or`',
  ],
  ['not rps', '5: `rps` is a rate per second, not a condition; compare it, as in rps > 2000 or 2000/s'],
])('checks the units of %s', (text, error) => {
  expect(errorOf(text)).toBe(error)
})

test.each([
  ['cpu > 80percent', '7: `80percent` is no quantity; known units: % /s ms s m h d B'],
  ['cpu > 2gib', '7: `2gib` is no quantity; did you mean GiB?'],
  ['cpu > 1.2.3', '7: `1.2.3` is no quantity; known units:'],
  ['rps > 1e9', '7: `1e9` is no quantity; known units:'],
  [`rps > ${'9'.repeat(400)}`, '7: this number is too long'],
])('refuses the quantity in %s', (text, error) => {
  expect(errorOf(text)).toContain(error)
})

test('refuses a rule about nothing that is measured', () => {
  expect(errorOf('2 > 1')).toBe('1: names no metric, so it would never change')
})

test.each([
  [
    'cpu > 80% and cpu < 20%',
    '15: this can never be true: cpu is already above 80% when `cpu < 20%` is asked',
  ],
  [
    '20% > cpu and rps > 3 and 80% < cpu',
    '27: this can never be true: cpu is already at least 0% and below 20% when `80% < cpu` is asked',
  ],
  [
    'cpu >= 80% and cpu < 80%',
    '16: this can never be true: cpu is already at least 80% when `cpu < 80%` is asked',
  ],
  ['rps < 0', '1: this can never be true: rps is already at least 0/s when `rps < 0` is asked'],
  [
    'memory > 1% or cpu > 80% and cpu == 10%',
    '30: this can never be true: cpu is already above 80% when `cpu == 10%` is asked',
  ],
  [
    'rps > 1 and (memory > 1% or cpu > 2% and cpu < 1%)',
    '42: this can never be true: cpu is already above 2% when `cpu < 1%` is asked',
  ],
])('refuses what no reading makes true: %s', (text, error) => {
  expect(errorOf(text)).toBe(error)
})

test.each([
  'cpu >= 80% and cpu <= 80%',
  'cpu > 20% and cpu < 80%',
  'cpu > 80% or cpu < 20%',
  'not (cpu > 80% and cpu < 20%)',
])('does not refuse %s', (text) => {
  expect(errorOf(text)).toContain('no error')
})

test('reads 1000 characters and no more', () => {
  const rule = 'cpu > 80%'
  expect(errorOf(rule.padEnd(1000))).toContain('no error')
  expect(errorOf(rule.padEnd(1001))).toBe('1: the rule has 1001 characters; at most 1000 are read')
})

test('nests 50 deep and no deeper', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}cpu > 80%${')'.repeat(depth)}`
  expect(errorOf(nested(50))).toContain('no error')
  expect(errorOf(nested(51))).toBe('51: nested more than 50 deep')
  expect(errorOf(`${'not '.repeat(51)}cpu > 80%`)).toBe('201: nested more than 50 deep')
})

test.each(['__proto__', 'constructor', 'toString'])(
  'a name that every object has is no metric: %s',
  (name) => {
    expect(errorOf(`${name} > 1`)).toContain(`1: there is no metric \`${name}\``)
  },
)

const CUSTOM: CustomMetrics = {
  'queue-depth': { unit: 'count', from: 'source:prom', perServer: false, help: '' },
  'queue-delay': { unit: 'ms', from: 'source:prom', perServer: false, help: '' },
}

test("reads the file's own metrics beside those that are always there", () => {
  expect(readRule('queue-depth > 100 and cpu > 50% and queue-depth / queue-depth < 2', CUSTOM)).toMatchObject(
    {
      kind: 'rule',
      metrics: ['queue-depth', 'cpu'],
    },
  )
})

test.each([
  ['queue-dept > 100', '1: there is no metric `queue-dept`; did you mean queue-depth?'],
  [
    'queue-depth-1 > 100',
    '1: there is no metric `queue-depth-1`; a minus needs spaces around it: queue-depth - 1',
  ],
  ['bananas > 1', 'bandwidth-free, qps, queue-depth, queue-delay'],
  ['queue-depth > 80%', '15: `80%` cannot be compared with `queue-depth`, which is a count: write 8'],
  ['queue-delay > 3', '15: `queue-delay` is a duration: write 300ms or 5m instead of `3`'],
  [
    'queue-delay > 2s and queue-delay < 1s',
    '22: this can never be true: queue-delay is already above 2s when `queue-delay < 1s` is asked',
  ],
])("checks names and units of the file's own metrics in %s", (text, error) => {
  expect(errorOf(text, CUSTOM)).toContain(error)
})

test('a query may give numbers below 0', () => {
  expect(errorOf('queue-depth < 0', CUSTOM)).toContain('no error')
})
