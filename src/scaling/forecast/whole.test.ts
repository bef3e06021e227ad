import { expect, test } from 'vitest'
import { wholeLoadOf } from './whole.ts'

test('the load of all servers is the metric without per-server, or the mean times those', () => {
  expect(wholeLoadOf('rps-per-server', {})).toEqual({ metric: 'rps', timesServing: false })
  expect(wholeLoadOf('rps', {})).toEqual({ metric: 'rps', timesServing: false })
  expect(wholeLoadOf('cpu', {})).toEqual({ metric: 'cpu', timesServing: true })
  const jobs = { unit: 'count', from: 'source:jobs', perServer: true, help: '' } as const
  expect(wholeLoadOf('jobs-per-server', { 'jobs-per-server': jobs })).toEqual({
    metric: 'jobs-per-server',
    timesServing: true,
  })
})
