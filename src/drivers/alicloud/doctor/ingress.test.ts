import { expect, test } from 'vitest'
import { type IngressRule, keptOut, sourcesTo } from './ingress.ts'

const aRule = (over: Partial<IngressRule> = {}): IngressRule => ({
  protocol: 'tcp',
  ports: '8080/8090',
  source: '10.0.0.0/8',
  accepts: true,
  priority: 1,
  ...over,
})
const to = (rules: readonly IngressRule[], port = 8080, protocol: 'tcp' | 'udp' | 'icmp' = 'tcp') =>
  sourcesTo(rules, { protocol, port, why: 'traffic', from: null }, port)

test('a network is kept out that no source holds whole', () => {
  expect(keptOut(['10.1.0.0/16', '100.64.0.0/10'], ['10.0.0.0/8', 'sg-1', '100.64.0.0/11'])).toEqual([
    '100.64.0.0/10',
  ])
  expect(keptOut(['100.64.0.0/10'], ['0.0.0.0/0'])).toEqual([])
})

test('a port is open to the sources of the rules that hold it', () => {
  expect(to([aRule(), aRule({ source: 'sg-web' }), aRule()])).toEqual(['10.0.0.0/8', 'sg-web'])
  expect(to([aRule()], 8090)).toEqual(['10.0.0.0/8'])
  expect(to([aRule()], 8091)).toEqual([])
  expect(to([aRule()], 8079)).toEqual([])
})

test('a rule is for its protocol, or for all', () => {
  expect(to([aRule()], 8080, 'udp')).toEqual([])
  expect(to([aRule({ protocol: 'all', ports: '-1/-1' })], 53, 'udp')).toEqual(['10.0.0.0/8'])
  expect(to([aRule({ protocol: 'icmp', ports: '-1/-1' })], 8080, 'icmp')).toEqual(['10.0.0.0/8'])
  expect(to([aRule({ protocol: 'icmp', ports: '-1/-1' })], 8080)).toEqual([])
})

test('what is dropped with the same strength, from there or from anywhere, is closed', () => {
  expect(to([aRule(), aRule({ accepts: false })])).toEqual([])
  expect(to([aRule(), aRule({ accepts: false, source: '0.0.0.0/0' })])).toEqual([])
  expect(to([aRule(), aRule({ accepts: false, priority: 2 })])).toEqual(['10.0.0.0/8'])
  expect(to([aRule(), aRule({ accepts: false, source: '10.9.0.0/16' })])).toEqual(['10.0.0.0/8'])
})
