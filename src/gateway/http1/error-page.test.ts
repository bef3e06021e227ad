import { expect, test } from 'vitest'
import { errorPage } from './error-page.ts'
import { parseResponseHead, ResponseHead } from './response-head.ts'

const STATUSES = [400, 404, 405, 408, 413, 414, 417, 431, 500, 501, 502, 503, 504, 505]
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
      const page = errorPage(status, { close, head, date: DATE })
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
  expect(errorPage(405, { close: true, head: false, date: DATE }).toString()).toContain('\r\nAllow: GET, ')
  expect(errorPage(503, { close: true, head: false, date: DATE }).toString()).toContain(
    '\r\nRetry-After: 1\r\n',
  )
  const plain = { close: false, head: false, date: DATE }
  expect(errorPage(999, plain)).toEqual(errorPage(500, plain))
  expect(errorPage(500, plain).toString()).toContain(`\r\nDate: ${DATE}\r\n`)
})
