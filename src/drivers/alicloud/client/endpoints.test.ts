import { expect, test } from 'vitest'
import { endpointOf, type Product } from './endpoints.ts'

test.each<[Product, string, string]>([
  ['ecs', 'cn-beijing', 'https://ecs.cn-beijing.aliyuncs.com'],
  ['ecs', 'cn-hangzhou', 'https://ecs-cn-hangzhou.aliyuncs.com'],
  ['slb', 'cn-hangzhou', 'https://slb.aliyuncs.com'],
  ['slb', 'cn-chengdu', 'https://slb.cn-chengdu.aliyuncs.com'],
  ['alb', 'cn-hangzhou', 'https://alb.cn-hangzhou.aliyuncs.com'],
  ['cas', 'cn-hangzhou', 'https://cas.aliyuncs.com'],
  ['cas', 'ap-southeast-1', 'https://cas.ap-southeast-1.aliyuncs.com'],
  ['cms', 'cn-hongkong', 'https://metrics.cn-hongkong.aliyuncs.com'],
  ['sts', 'constructor', 'https://sts.constructor.aliyuncs.com'],
])('%s of %s is called at %s', (product, region, url) => {
  expect(endpointOf(product, region, null)).toBe(url)
})

test('an override stands for every product and region', () => {
  expect(endpointOf('slb', 'cn-hangzhou', 'http://127.0.0.1:8080/')).toBe('http://127.0.0.1:8080')
})
