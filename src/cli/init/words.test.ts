import { expect, test } from 'vitest'
import { commandWords } from './words.ts'

test.each([
  ['node server.js', ['node', 'server.js']],
  ['  java   -jar "my app.jar" ', ['java', '-jar', 'my app.jar']],
  [`say 'it''s' "a \\"b\\"" c\\ d`, ['say', 'its', 'a "b"', 'c d']],
  [`find '*' "" x`, ['find', '*', '', 'x']],
  ['python3 -m http.server $PORT', ['sh', '-c', 'python3 -m http.server $PORT']],
  ['cd app && npm start', ['sh', '-c', 'cd app && npm start']],
  [`run "$PORT"`, ['sh', '-c', 'run "$PORT"']],
])('%s', (line, words) => {
  expect(commandWords(line)).toEqual(words)
})

test.each(['', '   ', 'say "hello', "say 'hello", 'end \\'])('%j is no command', (line) => {
  expect(commandWords(line)).toBeNull()
})
