import { expect, test } from 'vitest'
import { chinese, untranslated } from '../../../test/kit/chinese.ts'
import type { CloudFault } from './client/cloud-fault.ts'
import { nameOf } from './ecs/placements.ts'
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
  [
    { code: 'InvalidParameter.Conflict', message: 'sg-1 and vsw-1 are in different VPCs.' },
    'the security groups and vSwitches of a fleet have to be of one VPC: `tidegate doctor alicloud` says of which each is',
  ],
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
  expect(untranslated([advice, message.replace(over.message ?? REFUSED.message, 'X')])).toEqual([])
})

/** Everything the cloud refuses with advice of ours, by a code. */
const ADVISED = [
  'Account.Arrearage',
  'QuotaExceed.ElasticQuota',
  'InvalidAccessKeyId.NotFound',
  '402',
  'InvalidTimeStamp.Expired',
  'OperationDenied.DeletionProtection',
  'ChargeTypeViolation',
  'VpcIdMismatch',
  'ObtainIpFail',
  'BackendServerNumberOverLimit',
  'InvalidRegionId.NotFound',
  'InvalidVSwitchId.NotFound',
  'Forbidden.RAM',
  'InvalidThing.NotFound',
]

const PLACES = ['ecs.g7.large', ''].flatMap((instanceType) =>
  [true, false].map((spot) => nameOf({ vSwitch: 'vsw-1', instanceType, spot })),
)

/** As they are told while launches wait. */
const waiting = (why: string) =>
  [`the launch failed: ${why}`, `3 launches in a row came to nothing: ${why}`].flatMap((says) => [
    `${says}; the next launch waits 4s`,
    `guard:backoff: 2 -> 0: ${says}; the next launch waits (until 12:00:00)`,
    `api: launches: they wait until 12:03:04: ${says}`,
  ])

test.each(ADVISED)('every part of what is told of %s while launches wait is in Chinese', (code) => {
  const told = PLACES.flatMap((place) => {
    const fault = { ...REFUSED, code, message: 'X.' }
    return waiting(faultOf('fleet.launch-failed', `servers cannot be launched in ${place}`, fault).message)
  })
  expect(englishIn(told)).toEqual([])
})

test('every part of what is told of places that have nothing more is in Chinese', () => {
  const [spot, type, ...others] = PLACES
  const why = `nothing more to be had: ${spot}: OperationDenied.NoStock; ${type}: nothing there lately; ${others.join(': only 3 of 4; ')}: nothing there lately`
  expect(englishIn(waiting(why))).toEqual([])
})

test('what the doctor cannot do is told with its advice in Chinese', () => {
  const advice = 'the quota has to be raised in the Quota Center, or max of the fleet lowered'
  const told = [
    `CloudMonitor cannot be asked: 402: X. (request R-1); ${advice}`,
    `the cloud does not answer: ETIMEDOUT: X. (request R-1); ${advice}`,
    `cannot be looked at: QuotaExceed: X. (request R-1); ${advice}`,
    `a launch would be refused in ${PLACES[0]}: QuotaExceed: X. (request R-1); ${advice}`,
    `ecs.cn-hangzhou.aliyuncs.com cannot be reached: no answer within 5s`,
  ]
  expect(englishIn(told)).toEqual([])
})

/** Those with an English word of ours left, and what became of them. */
function englishIn(sentences: readonly string[]): readonly string[] {
  return sentences.flatMap((sentence) => {
    const said = chinese(sentence)
    const words = said
      .replace(/`[^`]*`/g, '')
      .match(/\b(the|a|of|in|to|there|only|nothing|has|have|spot|request|and)\b/g)
    return words === null ? [] : [`${words.join(' ')}: ${said}`]
  })
}
