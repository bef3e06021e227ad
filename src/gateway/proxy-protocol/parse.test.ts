import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'
import { type ProxyHeader, parseProxyHeader, SIGNATURE, V2_FIXED, V2_MOST } from './parse.ts'

const text = (header: string) => parseProxyHeader(Buffer.from(header, 'latin1'))

/** Version 2: command and version, family and transport, and what follows the length. */
function v2(command: number, family: number, body: readonly number[], size = body.length): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.from([command, family, size >> 8, size & 0xff, ...body])])
}

const V4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0x01, 0xbb]
const V6 = [...Array(32).keys(), 0x30, 0x39, 0x01, 0xbb]
const CLIENT = { address: '192.0.2.1', port: 12345, localAddress: '198.51.100.2', localPort: 443 }

test.each<[string, string, object | null]>([
  ['IPv4', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n', CLIENT],
  [
    'IPv6, in its shortest form',
    'PROXY TCP6 2001:DB8:0::1 ::1 1 65535\r\n',
    { address: '2001:db8::1', port: 1, localAddress: '::1', localPort: 65535 },
  ],
  [
    'IPv4 within IPv6, in its plain form',
    'PROXY TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.2 12345 443\r\n',
    CLIENT,
  ],
  ['nobody that the proxy knows', 'PROXY UNKNOWN\r\n', null],
  [
    'nobody, and something to be ignored',
    `PROXY UNKNOWN ${'f'.repeat(39)} ${'f'.repeat(39)} 65535 65535\r\n`,
    null,
  ],
])('version 1: %s', (_, header, client) => {
  expect(text(header)).toEqual({ kind: 'header', length: header.length, client })
  expect(text(`${header}GET / HTTP/1.1\r\n`)).toEqual({ kind: 'header', length: header.length, client })
})

test.each([
  ['another protocol', 'GET / HTTP/1.1\r\n'],
  ['lower case', 'proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n'],
  ['another family', 'PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n'],
  ['an address of the other family', 'PROXY TCP4 ::1 ::1 1 2\r\n'],
  ['no address', 'PROXY TCP4 a.b.c.d 2.2.2.2 1 2\r\n'],
  ['an address with a zone', 'PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n'],
  ['too few parts', 'PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n'],
  ['too many parts', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n'],
  ['two spaces', 'PROXY TCP4  1.1.1.1 2.2.2.2 1 2\r\n'],
  ['a port that cannot be', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n'],
  ['a port with a zero before it', 'PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n'],
  ['a line end without its second half', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\rX'],
  ['a line without end', `PROXY UNKNOWN ${'x'.repeat(93)}`],
  ['a line that ends too late', `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`],
])('version 1: %s is refused', (_, header) => {
  expect(text(header)).toEqual({ kind: 'bad' })
})

test.each<[string, Buffer, object | null]>([
  ['IPv4', v2(0x21, 0x11, V4), CLIENT],
  [
    'IPv6',
    v2(0x21, 0x21, V6),
    {
      address: '1:203:405:607:809:a0b:c0d:e0f',
      port: 12345,
      localAddress: '1011:1213:1415:1617:1819:1a1b:1c1d:1e1f',
      localPort: 443,
    },
  ],
  ['the proxy itself', v2(0x20, 0, []), null],
  ['the proxy itself, with addresses that mean nothing', v2(0x20, 0x11, V4), null],
  ['nobody that the proxy knows', v2(0x21, 0, []), null],
  ['a datagram, which no connection carries', v2(0x21, 0x12, V4), null],
  ['a path of a UNIX socket', v2(0x21, 0x31, Array(216).fill(0)), null],
  ['extensions, which are skipped', v2(0x21, 0x11, [...V4, 0x04, 0, 2, 9, 9, 0x20, 0, 0]), CLIENT],
])('version 2: %s', (_, header, client) => {
  expect(parseProxyHeader(header)).toEqual({ kind: 'header', length: header.length, client })
  const more = Buffer.concat([header, Buffer.from('more')])
  expect(parseProxyHeader(more)).toEqual({ kind: 'header', length: header.length, client })
})

test.each([
  ['another version', v2(0x11, 0x11, V4)],
  ['another command', v2(0x22, 0x11, V4)],
  ['another family', v2(0x21, 0x41, Array(216).fill(0))],
  ['another transport', v2(0x21, 0x13, V4)],
  ['too short for its addresses', v2(0x21, 0x11, V4.slice(1))],
  ['longer than anybody needs', v2(0x21, 0x11, V4, V2_MOST + 1)],
  ['an extension without its length', v2(0x21, 0x11, [...V4, 0x04, 0])],
  ['an extension beyond the end', v2(0x21, 0x11, [...V4, 0x04, 0, 2, 9])],
  ['a checksum of another length', v2(0x21, 0x11, [...V4, 0x03, 0, 2, 9, 9])],
])('version 2: %s is refused', (_, header) => {
  expect(parseProxyHeader(header)).toEqual({ kind: 'bad' })
})

test('a checksum must be that of the header', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  const header = v2(0x21, 0x11, [...V4, 0x03, 0, 4, 0, 0, 0, 0])
  header.writeUInt32BE(crc32c(header), header.length - 4)
  expect(parseProxyHeader(header)).toMatchObject({ kind: 'header', client: CLIENT })
  header[20]! ^= 1
  expect(parseProxyHeader(header)).toEqual({ kind: 'bad' })
})

test('however little of it is there, a good header is not refused, and never taken early', () => {
  const headers = [
    Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n'),
    v2(0x21, 0x21, [...V6, 0x04, 0, 1, 9]),
  ]
  for (const header of headers)
    for (let length = 0; length < header.length; length++)
      expect(parseProxyHeader(header.subarray(0, length))).toEqual({ kind: 'more' })
})

test('no bytes make it throw, ask for more than there can be, or take what is not there', () => {
  const after = (start: Buffer) =>
    fc.uint8Array({ maxLength: 300 }).map((rest) => Buffer.concat([start, rest]))
  const anything = fc.oneof(
    after(Buffer.alloc(0)),
    after(Buffer.from('PROXY ')),
    after(Buffer.from('PROXY TCP4 1.1.1.1 ')),
    after(SIGNATURE),
    after(Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11, 0])])),
  )
  fc.assert(
    fc.property(anything, (bytes) => {
      const header: ProxyHeader = parseProxyHeader(bytes)
      if (header.kind === 'more') expect(bytes.length).toBeLessThan(V2_FIXED + V2_MOST)
      if (header.kind === 'header') expect(header.length).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: 2000 },
  )
})
