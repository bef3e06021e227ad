import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { readClientHello } from './client-hello.ts'
import { CURL_HELLO, NODE_HELLO, TLS12_HELLO } from './hellos.cases.ts'

test('hellos of real clients', () => {
  expect(readClientHello(NODE_HELLO)).toEqual({
    serverName: 'web.test',
    protocols: ['h2', 'http/1.1'],
    groups: [0x11ec, 29, 23, 30, 24, 25, 256, 257],
    shares: [0x11ec, 29],
  })
  expect(readClientHello(CURL_HELLO)).toMatchObject({ serverName: 'curl.test', shares: [29] })
  expect(readClientHello(TLS12_HELLO)).toEqual({
    serverName: null,
    protocols: [],
    groups: [29, 23, 30, 25, 24],
    shares: [],
  })
})

/** The same message in records of so many bytes. */
function cut(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part)
  }
  return Buffer.concat(records)
}

test('what is not whole yet is waited for, in one record or in several', () => {
  for (const whole of [CURL_HELLO, cut(CURL_HELLO, 100), cut(NODE_HELLO, 700)]) {
    for (let end = 0; end < whole.length; end++) expect(readClientHello(whole.subarray(0, end))).toBe('more')
    expect(readClientHello(whole)).toMatchObject({ protocols: ['h2', 'http/1.1'] })
  }
  expect(readClientHello(Buffer.concat([CURL_HELLO, Buffer.from('early data')]))).toMatchObject({
    serverName: 'curl.test',
  })
})

test.each<[string, Buffer]>([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
  ['SSL 2', Buffer.from([0x80, 0x2e, 1, 0, 2])],
  ['another record', Buffer.from([23, 3, 3, 0, 1, 1])],
  ['another message', Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])],
  ['an empty record', Buffer.from([22, 3, 1, 0, 0])],
  ['a record beyond the limit', Buffer.from([22, 3, 1, 0xff, 0xff])],
  ['a message beyond all reason', Buffer.from([22, 3, 1, 0, 4, 1, 0, 0x80, 0])],
  ['a hello in crumbs', cut(CURL_HELLO, 1)],
  ['a hello that ends within a field', Buffer.from([22, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 0, 0])],
])('%s is no hello', (_name, bytes) => {
  expect(readClientHello(bytes)).toBe('other')
})

test('no change of a byte makes it throw', () => {
  for (let at = 0; at < CURL_HELLO.length; at++) {
    for (const byte of [0, 1, 127, 255]) {
      const changed = Buffer.from(CURL_HELLO)
      changed[at] = byte
      const found = readClientHello(changed)
      expect(typeof found === 'object' || found === 'more' || found === 'other').toBe(true)
    }
  }
})
