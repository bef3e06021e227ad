import { expect, test } from 'vitest'
import { MINIMAL, problemsOf, settingsOf } from './fixture.cases.ts'

const SHARE = '{ type: target, metric: rps, value: 70% }'

function withKeys(keys: string): string {
  return MINIMAL.replace('max: 3', `max: 3, ${keys}`)
}

test('a share of a metric that counts requests is one of what a server can carry, of others of their limit', () => {
  const policies = `[ ${SHARE}, { type: seasonal, metric: rps-per-server, value: 60% }, { type: target, metric: cpu, value: 70% } ]`
  expect(settingsOf(withKeys(`policies: ${policies}`)).fleets[0]?.policies).toEqual([
    { type: 'target', name: 'target-rps', metric: 'rps', value: 0.7, ofCapacity: true },
    {
      type: 'seasonal',
      name: 'seasonal-rps-per-server',
      metric: 'rps-per-server',
      value: 0.6,
      ofCapacity: true,
    },
    { type: 'target', name: 'target-cpu', metric: 'cpu', value: 0.7 },
  ])
})

test.each([
  ['nothing but what is yet to be learned', `policies: [ ${SHARE} ]`, 1],
  ['what the file says', `capacity: 80, policies: [ ${SHARE} ]`, 0],
  ['another policy meanwhile', `policies: [ ${SHARE}, { type: target, metric: cpu, value: 70% } ]`, 0],
])('a fleet that scales by %s', (_, keys, warnings) => {
  const told = problemsOf(withKeys(keys)).filter(({ message }) =>
    message.includes('what a server can carry is'),
  )
  expect(told.map(({ level }) => level)).toEqual(Array(warnings).fill('warning'))
})
