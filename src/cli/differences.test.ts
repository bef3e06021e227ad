import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { differenceLine, differenceOf } from './differences.ts'

const points = (means: readonly number[], firstAt = 0) =>
  means.map((mean, index) => ({ at: firstAt + index * 3_600_000, mean }))

test('tells how often and by how many servers we differed, where both are known', () => {
  const about = { wanted: points([4, 4, 6, 2, 9]), others: points([4, 7, 5, 2.4]), stepMs: 3_600_000 }
  const difference = differenceOf('hpa', about)!
  expect(difference).toEqual({
    rule: 'hpa',
    steps: 4,
    more: 1,
    fewer: 1,
    byServers: 2,
    serverHours: 16,
    otherServerHours: 18.4,
  })
  const line = `api ${differenceLine(difference)}`
  expect(line).toBe(
    'api beside want-hpa: 25.0% of the time more, 25.0% fewer, by 2.0 in the mean; 16.00 server-hours, it 18.40',
  )
  expect(untranslated([line])).toEqual([])
})

test('what is not known at the same time is not compared', () => {
  const about = { wanted: points([4, 4]), others: points([4], 7_200_000), stepMs: 3_600_000 }
  expect(differenceOf('threshold', about)).toBe(null)
})
