import { expect, test } from 'vitest'
import { chinese } from '../../test/kit/chinese.ts'
import { table, widthOf } from './table.ts'

test('columns are aligned by what a terminal shows, in Chinese too', () => {
  const rows = [
    ['api', '2', chinese('serving')],
    ['网站', '10', '-'],
  ]
  expect(table(['FLEET', '>READY', 'STATE'], rows, chinese)).toEqual([
    '机群  就绪  状态',
    'api      2  服务中',
    '网站    10  -',
  ])
})

test('colours take no room, and characters of full width two columns', () => {
  expect(widthOf('\u001b[32m潮闸\u001b[39m, a（b）')).toBe(12)
})
