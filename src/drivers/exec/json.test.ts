import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonErrorAt } from './json.ts'

test.each([
  ['{"a":[1,-2.5e3,true,null,"\\u00e9\\n"]}', null],
  [' [ ] ', null],
  ['', 0],
  ['  ', 2],
  ['hello', 0],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['[1 2]', 3],
  ['[1,', 3],
  ['"abc', 4],
  ['"a\\x"', 2],
  ['01', 1],
  ['{} {}', 3],
  [`${'['.repeat(300)}${']'.repeat(300)}`, 201],
])('%s stops being JSON at %s', (text, at) => {
  expect(jsonErrorAt(text)).toBe(at)
})

test('agrees with the parser on what is JSON', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }))
    .map(
      ([text, at, more]) =>
        text.slice(0, at % (text.length + 1)) + more + text.slice((at % (text.length + 1)) + 1),
    )
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken), (text) => {
      expect(jsonErrorAt(text) === null).toBe(parses(text))
    }),
  )
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
