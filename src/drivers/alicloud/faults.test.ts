import { expect, test } from 'vitest'
import { chinese, untranslated } from '../../../test/kit/chinese.ts'
import type { CloudFault } from './client/cloud-fault.ts'
import { faultOf } from './faults.ts'

const REFUSED: CloudFault = {
  kind: 'refused',
  code: 'QuotaExceed.ElasticQuota',
  message: 'The quota is used up.',
  requestId: 'R-1',
  status: 403,
  retryAfterMs: null,
}

test('says in Chinese what was not done and what to do, and leaves the words of the cloud', () => {
  const fault = faultOf('fleet.launch-failed', 'servers cannot be launched in vsw-a ecs.g7.large', REFUSED)
  expect(chinese(fault.message)).toBe(
    '无法在 vsw-a ecs.g7.large 创建服务器：QuotaExceed.ElasticQuota：The quota is used up.（请求 ID R-1）；请在配额中心提高配额，或降低机群的 max',
  )
})

test.each<[Partial<CloudFault>, 'yes' | 'no' | 'unknown']>([
  [{ kind: 'throttled' }, 'yes'],
  [{ kind: 'unsent' }, 'yes'],
  [{ kind: 'lost' }, 'unknown'],
  [{ code: 'IdempotentParameterMismatch' }, 'unknown'],
  [{}, 'no'],
])('of %j the same may be asked again: %s', (over, retry) => {
  expect(faultOf('fleet.launch-failed', 'no', { ...REFUSED, ...over }).retry).toBe(retry)
})

test.each<[Partial<CloudFault>, string]>([
  [
    { code: 'Forbidden.RAM', operation: 'ecs:RunInstances' },
    'these credentials need ecs:RunInstances: see `tidegate alicloud policy`',
  ],
  [{ code: 'InvalidImageId.NotFound' }, 'image of the file has to be put right'],
  [{ code: 'InvalidVSwitchId.NotFound' }, 'vswitches of the file has to be put right'],
  [{ code: 'InvalidParameter' }, 'what the file names has to be put right'],
  [
    { code: 'InvalidAutoReleaseTime.Malformed', aheadMs: -1_200_400 },
    "the clock of this machine is 20m behind the cloud's; set it by NTP",
  ],
  [{ code: 'InvalidImageId.NotFound', aheadMs: 90_000 }, 'image of the file has to be put right'],
])('of %j it says what to do, in Chinese too', (over, advice) => {
  const { message } = faultOf('fleet.launch-failed', 'servers cannot be launched in vsw-a', {
    ...REFUSED,
    ...over,
  })
  expect(message.endsWith(`(request R-1); ${advice}`)).toBe(true)
  expect(untranslated([advice, message.replace('The quota is used up.', 'X')])).toEqual([])
})
