import { expect, test } from 'vitest'
import { untranslated } from '../../../../test/kit/chinese.ts'
import { Fields } from '../client/fields.ts'
import type { ClbOrder } from './order.ts'
import { instanceChanges } from './plan-instance.ts'
import { seenInstance } from './seen-instance.ts'

const ORDER: ClbOrder = {
  specification: 'slb.s2.small',
  address: 'internet',
  vswitch: null,
  zones: [],
  bandwidth: null,
  isProtected: false,
  tags: {},
}
const ANSWER = {
  LoadBalancerId: 'lb-1',
  Address: '47.1.1.1',
  AddressType: 'internet',
  InternetChargeType: 'paybytraffic',
  LoadBalancerSpec: 'slb.s2.small',
  MasterZoneId: 'cn-hangzhou-h',
}

function changes(order: Partial<ClbOrder>, answer: object = {}): readonly string[] {
  const seen = seenInstance(new Fields({ ...ANSWER, ...answer }, ''))
  return instanceChanges({ ...ORDER, ...order }, seen, order.tags ?? {}).map(({ change }) => change)
}

test('changes nothing where all is as ordered', () => {
  expect(changes({})).toEqual([])
  expect(changes({ zones: ['cn-hangzhou-h'] })).toEqual([])
})

test('says each change from what to what', () => {
  const order = { specification: 'slb.s3.small', bandwidth: 20, isProtected: true, tags: { team: 'web' } }
  expect(changes(order)).toEqual([
    'specification slb.s2.small -> slb.s3.small',
    'paid by traffic -> for 20Mbps',
    'deletion protection off -> on',
    'tags team',
  ])
})

test('does not order again what comes into force at midnight', () => {
  const ordered = { ReservedInfoInternetChargeType: 'paybybandwidth', ReservedInfoBandwidth: 20 }
  expect(changes({ bandwidth: 20 }, ordered)).toEqual([])
  expect(changes({}, ordered)).toEqual(['paid for 20Mbps -> by traffic'])
})

test('goes over to billing by use by one call, which ends what is paid for bandwidth too', () => {
  const paid = { InternetChargeType: 'paybybandwidth', Bandwidth: 20 }
  expect(changes({ specification: null }, paid)).toEqual([
    'billing by specification slb.s2.small -> by use, for good',
  ])
  expect(() => changes({}, { InstanceChargeType: 'PayByCLCU' })).toThrow(
    'with billing by use, which cannot become by specification slb.s2.small',
  )
})

test('says in Chinese what cannot be changed', () => {
  const refused = [
    [{ address: 'intranet', vswitch: 'vsw-1' }, {}],
    [{}, { InstanceChargeType: 'PayByCLCU' }],
  ] as const
  for (const [order, answer] of refused) {
    let refusal = ''
    try {
      changes(order, answer)
    } catch (error) {
      refusal = (error as Error).message
    }
    expect(refusal).toContain('which cannot become')
    expect(untranslated([refusal])).toEqual([])
  }
})
