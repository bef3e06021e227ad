import { expect, test } from 'vitest'
import { chinese } from '../../../test/kit/chinese.ts'
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
    '无法在 vsw-a ecs.g7.large 创建服务器：QuotaExceed.ElasticQuota：The quota is used up. (request R-1)；请在配额中心提高配额，或降低机群的 max',
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
