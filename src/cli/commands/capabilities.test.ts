import { expect, test } from 'vitest'
import { chinese, untranslated } from '../../../test/kit/chinese.ts'
import { CAPABILITIES } from '../../config/capabilities.ts'
import { outputTo } from '../output.ts'
import { capabilities } from './capabilities.ts'

function printed(json: boolean): string {
  let text = ''
  const sinks = { stdout: (part: string) => (text += part), stderr: () => {}, color: false }
  expect(capabilities({ out: outputTo(sinks, (english) => english), json })).toBe(0)
  return text
}

test('tells who can do what the gateway cannot', () => {
  expect(printed(false)).toMatch(/^http\/3 +no +this runtime has no QUIC; can: HAProxy, nginx, Envoy/m)
})

test('tells the checks that there are, to programs too', () => {
  const { gateway } = JSON.parse(printed(true)) as { gateway: unknown }
  const detail = 'http, https, tcp, tls, grpc, udp, icmp, command'
  expect(gateway).toContainEqual({ name: 'health checks', has: true, detail })
})

test('tells it of every balancer that a file may name', () => {
  expect(printed(false)).toMatch(/^grpc +no +CLB speaks HTTP\/1.1 to servers; can: gateway, alicloud-alb/m)
  expect(Object.keys(JSON.parse(printed(true)) as object)).toEqual(Object.keys(CAPABILITIES))
})

test('is told in Chinese', () => {
  const all = Object.values(CAPABILITIES).flat()
  const details = all.map(({ detail }) => detail).filter((detail) => / \w+ /.test(detail))
  expect(details.length).toBeGreaterThan(8)
  expect(untranslated(details)).toEqual([])
  expect(chinese('this runtime has no QUIC; can: nginx, cloud balancers')).toBe(
    '本运行时没有 QUIC；可用：nginx，云上负载均衡',
  )
})
