import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { cut, fitted, openScreen } from './screen.ts'

function aTerminal(rows: number) {
  const written: string[] = []
  const events = new EventEmitter()
  const stream = Object.assign(events, {
    rows,
    columns: 80,
    write: (text: string) => void written.push(text),
  })
  return { stream, written, plain: () => (written.at(-1) ?? '').replaceAll('\u001b', '^') }
}

test('a picture begins at the corner, clears what it does not cover, and is one write', () => {
  const { stream, written, plain } = aTerminal(4)
  using screen = openScreen(stream)
  screen.draw(['a', 'b'])
  expect(plain()).toBe('^[H^[Ka\r\n^[Kb\r\n^[J')
  screen.draw(['a', 'b', 'c', 'd'])
  expect(plain()).toBe('^[H^[Ka\r\n^[Kb\r\n^[Kc\r\n^[Kd')
  expect(written).toHaveLength(3)
})

test('another size draws the same lines anew, cut to it', () => {
  const { stream, plain } = aTerminal(4)
  using screen = openScreen(stream)
  screen.draw(['a', 'b', 'c'])
  stream.rows = 2
  stream.columns = 10
  stream.emit('resize')
  expect(plain()).toBe('^[H^[Ka\r\n^[K... 2 more')
})

test('the terminal is given back once it is disposed of', () => {
  const { stream, written, plain } = aTerminal(4)
  openScreen(stream)[Symbol.dispose]()
  expect(written[0]?.replaceAll('\u001b', '^')).toBe('^[?1049h^[?25l^[?7l')
  expect(plain()).toBe('^[?7h^[?25h^[?1049l')
  expect(stream.listenerCount('resize')).toBe(0)
})

test.each([
  [3, ['1', '2', '3']],
  [2, ['1', '... 2 more lines; this window has 2 rows']],
  [1, ['... 3 more lines; this window has 1 rows']],
])('three lines in %d rows', (rows, lines) => {
  expect(fitted(['1', '2', '3'], rows)).toEqual(lines)
})

test('a line ends at the edge, and so do its colours', () => {
  const green = '\u001b[32mserving\u001b[39m'
  expect(cut(`api ${green} 潮`, 7)).toBe('api \u001b[32mser\u001b[39m')
  expect(cut(`api ${green} 潮`, 13)).toBe(`api ${green} `)
  expect(cut(`api ${green} 潮`, 14)).toBe(`api ${green} 潮`)
})
