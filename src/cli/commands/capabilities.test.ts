import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { GATEWAY_CAPABILITIES } from '../../core/capabilities.ts'
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

test('is told in Chinese', () => {
  const details = GATEWAY_CAPABILITIES.map(({ detail }) => detail).filter((detail) => / \w+ /.test(detail))
  expect(details.length).toBeGreaterThan(8)
  expect(untranslated(details)).toEqual([])
})
