import { expect, test } from 'vitest'
import { isTokenName, parseTokens, tokenLine } from './access.ts'

const HASH = 'a'.repeat(64)

test('reads a holder a line, and writes what it reads', () => {
  const text = `# holders\n\nann operate sha256:${HASH}\n  ci@build\tread  sha256:${HASH}\r\n`
  const { tokens, wrong } = parseTokens(text)
  expect(wrong).toEqual([])
  expect(tokens).toEqual([
    { name: 'ann', scope: 'operate', sha256: HASH },
    { name: 'ci@build', scope: 'read', sha256: HASH },
  ])
  expect(parseTokens(tokens.map(tokenLine).join('\n')).tokens).toEqual(tokens)
})

test.each([
  ['an unknown scope', `ann admin sha256:${HASH}`],
  ['a short hash', 'ann read sha256:abc'],
  ['a token instead of its hash', 'ann read tg_secret-secret'],
  ['a name with a space', `ann b read sha256:${HASH}`],
])('tells the line of %s, and nothing of what it holds', (_what, line) => {
  const { tokens, wrong } = parseTokens(`# a comment\n${line}`)
  expect(tokens).toEqual([])
  expect(wrong).toEqual([expect.stringMatching(/^line 2: expected/)])
  expect(wrong[0]).not.toContain('secret')
})

test('a holder has one token', () => {
  const { tokens, wrong } = parseTokens(`ann read sha256:${HASH}\nann operate sha256:${HASH}`)
  expect(tokens).toHaveLength(1)
  expect(wrong).toEqual(['line 2: ann has a token already'])
})

test('a name is what a line can hold', () => {
  expect(['ann', 'a.b_c@d-e', 'x'.repeat(40)].map(isTokenName)).toEqual([true, true, true])
  expect(['', 'a b', 'x'.repeat(41), 'a\nb', '#a'].map(isTokenName)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})
