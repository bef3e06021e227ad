import { expect, test } from 'vitest'
import { file, problemsOf, settingsOf } from './fixture.cases.ts'

const top = (resolvers: string): string => file({ top: `gateway: { resolvers: ${resolvers} }` })

test('DNS servers are addresses, with or without a port', () => {
  expect(settingsOf(top('10.0.0.2')).balancer.resolvers).toEqual(['10.0.0.2'])
  const both = '[ "10.0.0.2:5353", "[::1]:53" ]'
  expect(settingsOf(top(both)).balancer.resolvers).toEqual(['10.0.0.2:5353', '[::1]:53'])
  expect(settingsOf(file({})).balancer).not.toHaveProperty('resolvers')
  expect(problemsOf(top('[ 10.0.0.2, dns.test ]'))).toMatchObject([
    {
      path: 'gateway.resolvers.1',
      message: 'expected an address such as 10.0.0.2 or 10.0.0.2:53, got dns.test',
    },
  ])
})

test('traces are made where the file says so', () => {
  expect(settingsOf(file({ top: 'gateway: { traces: make }' })).balancer.makesTraces).toBe(true)
  expect(settingsOf(file({})).balancer).not.toHaveProperty('makesTraces')
})
