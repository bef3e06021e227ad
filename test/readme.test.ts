import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const read = (name: string) => readFileSync(resolve(import.meta.dirname, '..', name), 'utf8')
const [english, chinese] = [read('README.md'), read('README.zh-CN.md')]

/** Without their comments. */
const blocks = (text: string) =>
  [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, block]) => block?.replace(/ *#.*$/gm, ''))
const headings = (text: string) => text.match(/^#+ /gm)
const rows = (text: string) => text.match(/^\|/gm)?.length
const spans = (text: string) => [...new Set(text.replace(/```[\s\S]*?```/g, '').match(/`[^`\n]+`/g))].sort()

test('the Chinese README has the sections, the code and the tables of the English one', () => {
  expect(headings(chinese)).toEqual(headings(english))
  expect(blocks(chinese)).toEqual(blocks(english))
  expect(rows(chinese)).toBe(rows(english))
})

test('and names the same commands, files and keys', () => {
  expect(spans(chinese)).toEqual(spans(english))
})

test('each leads to the other', () => {
  expect(english).toContain('](README.zh-CN.md)')
  expect(chinese).toContain('](README.md)')
})
