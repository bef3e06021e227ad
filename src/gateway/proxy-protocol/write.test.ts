import { expect, test } from 'vitest'
import { type ProxiedClient, parseProxyHeader } from './parse.ts'
import { proxyHeader } from './write.ts'

const V4: ProxiedClient = { address: '192.0.2.1', port: 12345, localAddress: '198.51.100.2', localPort: 443 }
const V6: ProxiedClient = { address: '2001:db8::1', port: 1, localAddress: '::1', localPort: 65535 }
const MIXED: ProxiedClient = { ...V6, localAddress: '198.51.100.2' }
const GONE: ProxiedClient = { address: '', port: 0, localAddress: '', localPort: 0 }

test('version 1 is a line of text', () => {
  const line = (client: ProxiedClient | null) => proxyHeader('v1', client).toString('latin1')
  expect(line(V4)).toBe('PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n')
  expect(line(V6)).toBe('PROXY TCP6 2001:db8::1 ::1 1 65535\r\n')
  expect(line(MIXED)).toBe('PROXY TCP6 2001:db8::1 ::ffff:198.51.100.2 1 65535\r\n')
  expect(line(GONE)).toBe('PROXY UNKNOWN\r\n')
  expect(line(null)).toBe('PROXY UNKNOWN\r\n')
})

test('version 2 is binary', () => {
  const bytes = (client: ProxiedClient | null) => proxyHeader('v2', client).toString('hex')
  const signature = '0d0a0d0a000d0a515549540a'
  expect(bytes(V4)).toBe(`${signature}2111000cc0000201c6336402303901bb`)
  expect(bytes(null)).toBe(`${signature}20000000`)
})

test.each(['v1', 'v2'] as const)('what %s writes is read as it was', (version) => {
  for (const client of [V4, V6, MIXED]) {
    const header = proxyHeader(version, client)
    expect(parseProxyHeader(header)).toEqual({ kind: 'header', length: header.length, client })
  }
  for (const nobody of [GONE, null]) {
    const header = proxyHeader(version, nobody)
    expect(parseProxyHeader(header)).toEqual({ kind: 'header', length: header.length, client: null })
  }
})
