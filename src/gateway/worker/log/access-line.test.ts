import { expect, test } from 'vitest'
import { ENTRY } from './access-line.cases.ts'
import { combinedLine } from './access-line.ts'

test('writes the combined format as Apache and nginx do', () => {
  expect(combinedLine(ENTRY)).toBe(
    '192.0.2.1 - - [02/Jan/2026:03:04:05 +0000] "GET /a?b=c HTTP/1.1" 200 2 "http://b/" "curl/8.1"',
  )
})

test('what is not there is a hyphen', () => {
  const tunnel = { ...ENTRY, path: '', protocol: '', status: 0, referer: null, userAgent: null }
  expect(combinedLine(tunnel)).toBe('192.0.2.1 - - [02/Jan/2026:03:04:05 +0000] "-" - 2 "-" "-"')
})

test('no client can end a field or a line, or speak to a terminal', () => {
  const line = combinedLine({ ...ENTRY, path: '/"\\', userAgent: 'a\n"b\x1b[31m\xe9' })
  expect(line).toContain('"GET /\\x22\\x5C HTTP/1.1"')
  expect(line).toContain('"a\\x0A\\x22b\\x1B[31m\\xE9"')
})
