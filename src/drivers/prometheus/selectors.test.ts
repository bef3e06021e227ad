import { expect, test } from 'vitest'
import { newestQuery, selectorsOf } from './selectors.ts'

test.each<[string, readonly string[]]>([
  ['up', ['up']],
  ['sum(up)', ['up']],
  ['job:up:sum + on (job) group_left (a, b) down', ['job:up:sum', 'down']],
  [
    'sum by (job, up) (rate(requests_total{code=~"2..",path!="}{\\""}[1m] offset 5m))',
    ['requests_total{code=~"2..",path!="}{\\""}'],
  ],
  ['avg without(instance)(up) / ignoring(x) group_right up', ['up']],
  ['max_over_time(deriv(lag[5m:30s])[1h:] @ end())', ['lag']],
  ["{__name__='a b', x=`y}`} or up{}", ["{__name__='a b',x=`y}`}", 'up{}']],
  ['topk BY (job) (3, up) > BOOL 1e3', ['up']],
  ['absent(nope) and on() vector(1) unless Inf != NaN', ['nope']],
  ['up # and down, {x="y"}\n - down', ['up', 'down']],
  ['label_replace(up, "a", "$1", "b", "(.*)")', ['up']],
  ['time() - 0x1F + .5', []],
])('finds what %s reads', (query, selectors) => {
  expect(selectorsOf(query)).toEqual(selectors)
})

test.each(['sum(', '{', 'a{b', 'a[5m', 'by (', '"open', '', '}{][)('])('comes to an end with %s', (query) => {
  expect(() => newestQuery(query)).not.toThrow()
})

test('asks for the newest sample of each selector, and of these for the oldest', () => {
  expect(newestQuery('sum(a) / b{x="y"}')).toBe(
    'min(label_replace(max(timestamp(a)), "selector", "0", "", "") or label_replace(max(timestamp(b{x="y"})), "selector", "1", "", ""))',
  )
  expect(newestQuery('vector(1)')).toBeNull()
})
