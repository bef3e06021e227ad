import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { ECS } from '../../src/sandbox/ecs/operations.ts'

/** The vendor generates its clients from the definitions of the operations: names and types of their parameters stand in each request. */
type Type = string | { readonly type: string } | ((...about: never[]) => unknown)
interface RequestClass {
  names(): Readonly<Record<string, string>>
  types(): Readonly<Record<string, Type>>
}
const sdk: Readonly<Record<string, RequestClass>> = createRequire(import.meta.url)('@alicloud/ecs20140526')

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
const cases = Object.entries(ECS).flatMap(([action, { parameters }]) =>
  Object.entries(parameters).map(([name, how]) => [action, name, how.replace('!', '')] as const),
)

test.each(cases)('%s has the parameter %s as %s', (action, name, kind) => {
  const request = sdk[`${action}Request`]
  expect(request, `the vendor has no ${action}`).toBeDefined()
  const key = Object.entries(request!.names()).find(([, wire]) => wire === name)?.[0]
  expect(key, `${action} has no ${name}`).toBeDefined()
  expect(typeName(request!.types()[key!]!)).toBe(KINDS[kind])
})

function typeName(type: Type): string {
  if (typeof type === 'string') return type
  return typeof type === 'function' ? 'object' : type.type
}
