import { expect, test } from 'vitest'
import { errorReply } from '../http/reply.ts'
import { replyBytes } from './reply-bytes.ts'
import { parseResponseHead, ResponseHead } from './response-head.ts'

const STATUSES = [400, 404, 405, 408, 413, 414, 417, 429, 431, 500, 501, 502, 503, 504, 505]
const DATE = 'Sun, 06 Nov 1994 08:49:37 GMT'
const LIMITS = { headerBytes: 1024, headerCount: 20 }

test('every page is a response of its status whose length is right, with and without body', () => {
  for (const status of STATUSES) {
    for (const [close, head] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const page = Buffer.concat(replyBytes(errorReply(status), { close, head, date: DATE }))
      const parsed = new ResponseHead(LIMITS)
      parsed.toHead = head
      const end = parseResponseHead(page, 0, page.length, parsed)
      expect(parsed).toMatchObject({ status, keepAlive: !close, body: head ? 'none' : 'sized' })
      expect(parsed.contentLength).toBeGreaterThan(0)
      expect(page.length - end).toBe(head ? 0 : parsed.contentLength)
    }
  }
})

test('405 says what is allowed, 503 when to come back, and an unknown status is a 500', () => {
  const plain = { close: false, head: false, date: DATE }
  const text = (status: number): string => Buffer.concat(replyBytes(errorReply(status), plain)).toString()
  expect(text(405)).toContain('\r\nAllow: GET, ')
  expect(text(503)).toContain('\r\nRetry-After: 1\r\n')
  expect(text(999)).toEqual(text(500))
  expect(text(500)).toContain(`\r\nDate: ${DATE}\r\n`)
})

test('a long body goes out as it is; 204 and 304 have none and no length', () => {
  const body = Buffer.alloc(5000, 'x')
  const about = { close: false, head: false, date: DATE }
  expect(replyBytes({ status: 200, lines: '', body }, about)[1]).toBe(body)
  for (const status of [204, 304]) {
    const [page, ...more] = replyBytes({ status, lines: '', body }, about)
    expect(more).toEqual([])
    expect(page!.toString()).not.toContain('Content-Length')
  }
})
