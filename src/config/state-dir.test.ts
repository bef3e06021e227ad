import { expect, test } from 'vitest'
import { stateIn } from './state-dir.ts'

test.each([
  [{ state: './here', nonsense: 1 }, 'anything', './here'],
  [undefined, 'name: x\nstate: ./here # not there\nlisteners: {', './here'],
  [undefined, 'state: "./a b"\n  : :', './a b'],
  [undefined, "state: './a b'\n  : :", './a b'],
  [undefined, '  state: ./of-something-else\n: :', './.tidegate'],
  [{ state: 5 }, 'state: 5', '5'],
  [null, '', './.tidegate'],
])('of %j, written %j, the state directory is %s', (value, text, state) => {
  expect(stateIn(value, text)).toBe(state)
})
