import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addToken, followTokens, leaveLocalToken, localToken, makeToken, readTokens } from './tokens.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-tokens-'))
  file = join(folder, 'tokens')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('makes the file for its owner alone, and keeps only hashes', () => {
  const ann = addToken(file, 'ann', 'operate')
  const bob = addToken(file, 'bob', 'read')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain(ann)
  expect(ann).not.toBe(bob)
  expect(readTokens(file).map(({ name, scope }) => [name, scope])).toEqual([
    ['ann', 'operate'],
    ['bob', 'read'],
  ])
})

test('adds to a file that ends without a line end', () => {
  writeFileSync(file, `ann read sha256:${'a'.repeat(64)}`)
  addToken(file, 'bob', 'read')
  expect(readTokens(file)).toHaveLength(2)
})

test('gives nobody a second token, and no line a name that it cannot hold', () => {
  addToken(file, 'ann', 'read')
  expect(() => addToken(file, 'ann', 'operate')).toThrow('ann has a token already')
  expect(() => addToken(file, 'a b', 'read')).toThrow('"a b" is no name')
  expect(readTokens(file)).toHaveLength(1)
})

test('refuses a file that others may write', () => {
  addToken(file, 'ann', 'read')
  chmodSync(file, 0o620)
  expect(() => readTokens(file)).toThrow('others may write it')
})

test('a file that is missing or wrong says so with its place', () => {
  expect(() => readTokens(file)).toThrow(/tokens: cannot be read/)
  writeFileSync(file, 'nonsense\n')
  expect(() => readTokens(file)).toThrow(/tokens: line 1: expected/)
})

test('follows the file, and keeps the tokens of before while it is wrong', () => {
  const complaints: string[] = []
  const follow = followTokens((message) => complaints.push(message))
  addToken(file, 'ann', 'read')
  expect(follow(file).map(({ name }) => name)).toEqual(['ann'])
  writeFileSync(file, 'nonsense\n')
  expect(follow(file).map(({ name }) => name)).toEqual(['ann'])
  expect(follow(file)).toHaveLength(1)
  expect(complaints).toEqual([expect.stringContaining('line 1')])
  writeFileSync(file, '# nobody\n')
  utimesSync(file, 1, 1)
  expect(follow(file)).toEqual([])
})

test('keeps the tokens of before while the file cannot be reached', () => {
  const complaints: string[] = []
  const follow = followTokens((message) => complaints.push(message))
  addToken(file, 'ann', 'read')
  follow(file)
  rmSync(file)
  symlinkSync('tokens', file)
  expect(follow(file).map(({ name }) => name)).toEqual(['ann'])
  expect(follow(file)).toHaveLength(1)
  expect(complaints).toEqual([expect.stringContaining('ELOOP')])
})

test('leaves a new token in the state directory at every start', () => {
  const path = join(folder, 'admin-token')
  const first = leaveLocalToken(path)
  const secret = localToken(path)
  expect(first.sha256).not.toBe(leaveLocalToken(path).sha256)
  expect(localToken(path)).not.toBe(secret)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(localToken(join(folder, 'none'))).toBeNull()
})

test('tokens are long and never the same', () => {
  const made = Array.from({ length: 100 }, () => makeToken('a', 'read').secret)
  expect(new Set(made).size).toBe(100)
  for (const secret of made) expect(secret).toMatch(/^tg_[A-Za-z0-9_-]{43}$/)
})
