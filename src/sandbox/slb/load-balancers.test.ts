import { beforeEach, expect, test } from 'vitest'
import { Cloud } from '../../../test/kit/cloud.ts'
import { bill } from '../bill.ts'
import { DELAYS } from '../delays.ts'
import { sampleWorld } from '../sample.ts'

const HOUR_MS = 3_600_000

let cloud: Cloud
beforeEach(() => {
  cloud = new Cloud()
})

const ask = (action: string, query: object = {}) => cloud.ask('slb', action, query as never)
const create = (query: object = {}): string => ask('CreateLoadBalancer', query).LoadBalancerId
const about = (LoadBalancerId: string) => ask('DescribeLoadBalancerAttribute', { LoadBalancerId })
const list = (query: object) => ask('DescribeLoadBalancers', query).LoadBalancers.LoadBalancer

test('a balancer has an address of its own, and is active at once', () => {
  const first = about(create({ LoadBalancerName: 'web', LoadBalancerSpec: 'slb.s2.small' }))
  const second = about(create({ VSwitchId: 'vsw-sandbox-h' }))
  expect(first).toMatchObject({
    LoadBalancerName: 'web',
    LoadBalancerStatus: 'active',
    AddressType: 'internet',
    NetworkType: 'classic',
    LoadBalancerSpec: 'slb.s2.small',
    InternetChargeType: 'paybytraffic',
    MasterZoneId: 'cn-hangzhou-h',
    SlaveZoneId: 'cn-hangzhou-i',
    CreateTime: '2026-01-05T08:00:00Z',
  })
  expect(second).toMatchObject({ AddressType: 'intranet', NetworkType: 'vpc', VpcId: 'vpc-sandbox' })
  expect([first.Address, second.Address]).toEqual(['127.10.200.1', '127.10.200.2'])
})

test('a world on another network has other addresses', () => {
  cloud = new Cloud(sampleWorld('127.20'))
  expect(about(create()).Address).toBe('127.20.200.1')
  const [near] = cloud.ask('vpc', 'DescribeVSwitches').VSwitches.VSwitch
  expect(near.CidrBlock).toBe('127.20.0.0/24')
})

test('one token makes one balancer', () => {
  const query = { ClientToken: 'once', LoadBalancerName: 'web' }
  expect(create(query)).toBe(create(query))
  expect(ask('CreateLoadBalancer', { ...query, LoadBalancerName: 'other' }).Code).toBe(
    'IdempotentParameterMismatch',
  )
})

test('lists select by tags, ids and names, page by page', () => {
  const tag = { Tag: [{ Key: 'owner', Value: 'me' }] }
  const ids = [create(tag), create({ ...tag, LoadBalancerName: 'web' }), create()]
  expect(list(tag)).toHaveLength(2)
  expect(list({ Tags: JSON.stringify([{ TagKey: 'owner', TagValue: 'me' }]) })).toHaveLength(2)
  expect(list({ LoadBalancerId: `${ids[0]},${ids[2]}` })).toHaveLength(2)
  expect(list({ LoadBalancerName: 'web' })).toMatchObject([
    { LoadBalancerId: ids[1], InternetChargeType: '4' },
  ])
  expect(ask('DescribeLoadBalancers', { PageSize: 2, PageNumber: 2 })).toMatchObject({
    TotalCount: 3,
    LoadBalancers: { LoadBalancer: [{ LoadBalancerId: ids[2] }] },
  })
  expect(ask('DescribeLoadBalancers', { PageSize: 101 }).Code).toBe('InvalidParameter.PageSize')
})

test.each([
  [{ LoadBalancerSpec: 'slb.none' }, 'InvalidParameter.LoadBalancerSpec'],
  [{ AddressType: 'none' }, 'InvalidParameter.AddressType'],
  [{ VSwitchId: 'vsw-none' }, 'InvalidParameter'],
  [{ MasterZoneId: 'cn-hangzhou-z' }, 'InvalidParameter.MasterZoneId'],
  [{ InternetChargeType: 'paybybandwidth', Bandwidth: 5001 }, 'InvalidParameter'],
  [{ RegionId: 'cn-none' }, 'InvalidRegionId.NotFound'],
])('refuses to make one with %o as %s', (query, code) => {
  expect(ask('CreateLoadBalancer', query).Code).toBe(code)
})

test('the quota of an account ends', () => {
  for (let nth = 0; nth < 60; nth++) create()
  expect(ask('CreateLoadBalancer').Code).toBe('ORDER.QUANTITY_INVALID')
})

test('protection holds against deletion', () => {
  const LoadBalancerId = create({ DeleteProtection: 'on' })
  expect(ask('DeleteLoadBalancer', { LoadBalancerId }).Code).toBe('OperationDenied.DeleteProtectionIsOn')
  ask('SetLoadBalancerDeleteProtection', { LoadBalancerId, DeleteProtection: 'off' })
  ask('DeleteLoadBalancer', { LoadBalancerId })
  expect(ask('DeleteLoadBalancer', { LoadBalancerId }).Code).toBe('InvalidLoadBalancerId.NotFound')
})

test('of two changes at a time the second is refused', async () => {
  const LoadBalancerId = create()
  ask('SetLoadBalancerStatus', { LoadBalancerId, LoadBalancerStatus: 'inactive' })
  const activate = () => ask('SetLoadBalancerStatus', { LoadBalancerId, LoadBalancerStatus: 'active' })
  expect(activate().Code).toBe('ServiceIsConfiguring')
  await cloud.advance(DELAYS.configuringMs)
  expect(activate().Code).toBeUndefined()
  expect(about(LoadBalancerId).LoadBalancerStatus).toBe('active')
})

test('an hour that has begun is paid, by specification and bandwidth, to whoever bears the tag', async () => {
  const cost = () => {
    const { web, '': rest } = bill(cloud.world, 'fleet', cloud.clock.now())
    return [web!.toFixed(9), rest!.toFixed(9)]
  }
  const own = create({ LoadBalancerSpec: 'slb.s2.small', Tag: [{ Key: 'fleet', Value: 'web' }] })
  const other = create({ InternetChargeType: 'paybybandwidth', Bandwidth: 20 })
  expect(cost()).toEqual(['0.340000000', '2.320000000'])
  ask('ModifyLoadBalancerInstanceSpec', { LoadBalancerId: own, LoadBalancerSpec: 'slb.s3.small' })
  ask('ModifyLoadBalancerInternetSpec', { LoadBalancerId: other, InternetChargeType: 'paybytraffic' })
  expect(cost()).toEqual(['0.340000000', '2.320000000'])
  await cloud.advance(HOUR_MS)
  expect(cost()).toEqual(['1.630000000', '2.340000000'])
  ask('DeleteLoadBalancer', { LoadBalancerId: own })
  await cloud.advance(HOUR_MS)
  expect(cost()).toEqual(['1.630000000', '2.360000000'])
})

test('the internet has no say in a private one', () => {
  const LoadBalancerId = create({ AddressType: 'intranet' })
  const query = { LoadBalancerId, InternetChargeType: 'paybybandwidth' }
  expect(ask('ModifyLoadBalancerInternetSpec', query).Code).toBe('ActionNotAllowed')
})

test('one by specification becomes one by use, and stays it', async () => {
  const LoadBalancerId = create({ LoadBalancerSpec: 'slb.s2.small' })
  const query = { LoadBalancerId, InstanceChargeType: 'PayByCLCU' }
  const change = (more: object) => ask('ModifyLoadBalancerInstanceChargeType', { ...query, ...more }).Code
  expect(change({ InstanceChargeType: 'PayBySpec' })).toBe('InvalidParameter.InstanceChargeType')
  expect(change({})).toBeUndefined()
  expect(about(LoadBalancerId)).toMatchObject({ InstanceChargeType: 'PayByCLCU', LoadBalancerSpec: '' })
  await cloud.advance(DELAYS.configuringMs)
  expect(change({})).toBe('OperationDenied.PayByCLCU')
})

test('one that is paid by use has no specification to change', () => {
  const LoadBalancerId = create({ InstanceChargeType: 'PayByCLCU' })
  const query = { LoadBalancerId, LoadBalancerSpec: 'slb.s2.small' }
  expect(ask('ModifyLoadBalancerInstanceSpec', query).Code).toBe('OperationDenied.PayByCLCU')
})
