import { expect, test } from 'vitest'
import { translator } from './translate.ts'

const say = translator({
  '{server} serves': '{server} 在服务',
  '{fleet}: {says...}': '{fleet}：{says...}',
  'wants {count}: {why...}': '需要 {count}：{why...}',
  'wants {count}: the text {text!} is told': '需要 {count}：原文 {text!}',
  'expected {what...}': '应为{what...}',
  'a number from {min}': '{min} 起的数',
  '{rule!} is true': '{rule!} 成立',
  idle: '空闲',
})

test('translates a sentence with the sentences in it, and leaves names', () => {
  expect(say('api: wants 3: web-1 serves')).toBe('api：需要 3：web-1 在服务')
  expect(say('idle: idle')).toBe('idle：空闲')
})

test('sets a space between Chinese and a number or a name', () => {
  expect(say('expected a number from 3')).toBe('应为 3 起的数')
})

test('takes the sentence that says most itself', () => {
  expect(say('wants 3: the text idle is told')).toBe('需要 3：原文 idle')
})

test('a text that stays as it is does not take the beginning of another sentence with it', () => {
  expect(say('wants 3: cpu > 80% is true')).toBe('需要 3：cpu > 80% 成立')
})

test('translates lists, and leaves what it does not know', () => {
  expect(say('idle, other, a serves; idle')).toBe('空闲，other，a 在服务；空闲')
  expect(say('one, two')).toBe('one, two')
  expect(say('the server serves')).toBe('the server serves')
})

test('leaves columns, quoted lines and indentation as they are', () => {
  expect(say('idle  idle')).toBe('idle  idle')
  expect(say('  12 | idle')).toBe('  12 | idle')
  expect(say('  idle\n\nidle')).toBe('  空闲\n\n空闲')
})

test('ends soon on long lines of what its sentences are joined by', () => {
  expect(say('a: '.repeat(1000))).toContain('a')
  expect(say('wants '.repeat(600))).toContain('wants')
})
