import { expect, test } from 'vitest'
import type { CallCloud } from '../client/client.ts'
import { Fields } from '../client/fields.ts'
import { type Instance, listInstances } from './instances.ts'

/** A cloud with an instance of each status. */
const cloudOf =
  (...statuses: readonly string[]): CallCloud =>
  async ({ read }) => {
    const Instance = statuses.map((Status, nth) => ({
      InstanceId: `i-${nth}`,
      Status,
      ZoneId: 'cn-hangzhou-h',
      InstanceType: 'ecs.g7.large',
      CreationTime: '2026-01-05T08:00Z',
      VpcAttributes: { VSwitchId: 'vsw-1', PrivateIpAddress: { IpAddress: [`10.0.0.${nth}`] } },
    }))
    return { ok: true, value: read(new Fields({ Instances: { Instance } }, 'answer')) }
  }

async function listed(call: CallCloud, before: readonly Instance[]): Promise<readonly Instance[]> {
  const about = { region: 'cn-hangzhou', installation: 'test', fleet: null, before }
  const outcome = await listInstances(call, about, new AbortController().signal)
  return outcome.ok ? outcome.value : []
}

test('an instance that has not changed since an earlier list is the one of that list', async () => {
  const before = await listed(cloudOf('Running', 'Pending'), [])
  const [first, second, third] = await listed(cloudOf('Running', 'Running', 'Pending'), before)
  expect(first).toBe(before[0])
  expect(before[1]?.status).toBe('Pending')
  expect(second?.status).toBe('Running')
  expect(third?.id).toBe('i-2')
})
