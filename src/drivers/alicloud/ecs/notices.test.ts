import { expect, test } from 'vitest'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'
import type { CallCloud } from '../client/client.ts'
import { Fields } from '../client/fields.ts'
import { Notices } from './notices.ts'

/** A cloud that has three pages of events, one a page. */
const call: CallCloud = async ({ query, read }) => {
  const page = Number(query?.NextToken ?? 1)
  const events = [{ InstanceId: `i-${page}`, EventType: { Name: 'SystemMaintenance.Reboot' } }]
  const NextToken = page < 3 ? String(page + 1) : ''
  const answer = { NextToken, InstanceSystemEventSet: { InstanceSystemEventType: events } }
  return { ok: true, value: read(new Fields(answer, 'answer')) }
}

test('an event of the last page is known as one of the first', async () => {
  const notices = new Notices({ call, region: 'cn-hangzhou', clock: new VirtualClock(0) })
  await notices.refresh(new AbortController().signal)
  expect(['i-1', 'i-2', 'i-3'].map((id) => notices.of(id))).toEqual(Array(3).fill('SystemMaintenance.Reboot'))
})
