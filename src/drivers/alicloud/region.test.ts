import { expect, test } from 'vitest'
import { regionOf } from './region.ts'

test.each([
  ['rm-1.rwlb.cn-chengdu.rds.aliyuncs.com', 'cn-chengdu'],
  ['alb-1.ap-southeast-1.alb.aliyuncsslb.com', 'ap-southeast-1'],
  ['r-1.redis.cn-hangzhou-finance-1.rds.ALIYUNCS.com', 'cn-hangzhou-finance-1'],
  ['rm-bp1.mysql.rds.aliyuncs.com', null],
  ['cn-beijing.rds.aliyuncs.com', null],
  ['db.cn-beijing.example.com', null],
  ['10.0.0.7', null],
])('of %s the region is %s', (host, region) => {
  expect(regionOf(host)).toBe(region)
})
