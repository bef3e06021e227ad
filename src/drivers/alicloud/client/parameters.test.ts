import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { flatten, JsonText } from './parameters.ts'

/** By require: its ES module form differs between Node and the test runner. */
const vendor: typeof import('@alicloud/openapi-core') = createRequire(import.meta.url)(
  '@alicloud/openapi-core',
)

const nested = {
  RegionId: 'cn-hangzhou',
  Amount: 3,
  DryRun: false,
  Tag: [
    { Key: 'a', Value: 'b' },
    { Key: 'c', Value: '' },
  ],
  SecurityGroupIds: ['sg-1', 'sg-2'],
  SystemDisk: { Category: 'cloud_essd', Size: 40 },
  Rules: [{ Conditions: [{ HostConfig: { Values: ['x', 'y'] } }] }],
  ClientToken: undefined,
}

test("flattens as the vendor's own client does", () => {
  expect(flatten(nested)).toEqual(vendor.OpenApiUtil.query(nested))
  expect(flatten(nested)).toMatchObject({ 'Tag.2.Key': 'c', 'Rules.1.Conditions.1.HostConfig.Values.2': 'y' })
})

test('writes a JSON parameter as one text', () => {
  const servers = new JsonText([{ ServerId: 'i-1', Weight: '100' }])
  expect(flatten({ BackendServers: servers, InstanceIds: new JsonText(['i-1', 'i-2']) })).toEqual({
    BackendServers: '[{"ServerId":"i-1","Weight":"100"}]',
    InstanceIds: '["i-1","i-2"]',
  })
})

test('leaves no hole in the numbers of a list', () => {
  expect(flatten({ InstanceId: ['i-1', undefined, 'i-2'] })).toEqual({
    'InstanceId.1': 'i-1',
    'InstanceId.2': 'i-2',
  })
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('never sends %d', (Amount) => {
  expect(() => flatten({ Amount })).toThrow('Amount would be')
})
