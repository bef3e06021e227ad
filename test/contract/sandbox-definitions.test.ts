import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { ALB } from '../../src/sandbox/alb/operations.ts'
import { CMS } from '../../src/sandbox/cms/operations.ts'
import { ECS } from '../../src/sandbox/ecs/operations.ts'
import type { Operations } from '../../src/sandbox/operation.ts'
import { SLB } from '../../src/sandbox/slb/operations.ts'

/** The vendor generates its clients from the definitions of the operations: names and types of their parameters stand in each request. */
type Type = string | { readonly type: string } | ((...about: never[]) => unknown)
interface RequestClass {
  names(): Readonly<Record<string, string>>
  types(): Readonly<Record<string, Type>>
}
/** By require: their ES module forms differ between Node and the test runner. */
const require = createRequire(import.meta.url)
const PRODUCTS: readonly (readonly [Readonly<Record<string, RequestClass>>, Operations])[] = [
  [require('@alicloud/ecs20140526'), ECS],
  [require('@alicloud/cms20190101'), CMS],
  [require('@alicloud/alb20200616'), ALB],
]

/** What the vendor calls each kind of ours. */
const KINDS: Readonly<Record<string, string>> = {
  text: 'string',
  json: 'string',
  int: 'number',
  number: 'number',
  flag: 'boolean',
  list: 'array',
  object: 'object',
}
const cases = PRODUCTS.flatMap(([sdk, operations]) =>
  Object.entries(operations).flatMap(([action, { parameters }]) =>
    Object.entries(parameters).map(
      ([name, how]) => [action, name, how.replace('!', ''), sdk[`${action}Request`]] as const,
    ),
  ),
)

test.each(cases)('%s has the parameter %s as %s', (action, name, kind, request) => {
  expect(request, `the vendor has no ${action}`).toBeDefined()
  const key = Object.entries(request!.names()).find(([, wire]) => wire === name)?.[0]
  expect(key, `${action} has no ${name}`).toBeDefined()
  expect(typeName(request!.types()[key!]!)).toBe(KINDS[kind])
})

function typeName(type: Type): string {
  if (typeof type === 'string') return type
  return typeof type === 'function' ? 'object' : type.type
}

/** Of CLB the vendor has no client here but its older one, which knows a part of the operations and of their parameters. */
interface OldOperation {
  readonly name: string
  readonly input: { readonly members: Readonly<Record<string, { readonly type?: string }>> }
}
const old: { operations: Record<string, OldOperation> } = require('aliyun-sdk/apis/slb-2014-05-15.json')
const OLD_KINDS: Readonly<Record<string, string>> = { text: 'string', int: 'integer' }
const oldCases = Object.values(old.operations).flatMap(({ name: action, input }) =>
  Object.entries(SLB[action]?.parameters ?? {})
    .filter(([name]) => Object.hasOwn(input.members, name))
    .map(([name, how]) => [action, name, how.replace('!', ''), input.members[name]!.type] as const),
)

test.each(oldCases)('%s has the parameter %s as %s', (_action, _name, kind, type) => {
  expect(type).toBe(OLD_KINDS[kind])
})

test('of each kind of operation of CLB the older client knows some', () => {
  const actions = new Set(oldCases.map(([action]) => action))
  expect([...actions]).toEqual(
    expect.arrayContaining([
      'CreateLoadBalancer',
      'AddBackendServers',
      'CreateLoadBalancerTCPListener',
      'SetLoadBalancerHTTPSListenerAttribute',
      'DescribeHealthStatus',
      'UploadServerCertificate',
    ]),
  )
})
