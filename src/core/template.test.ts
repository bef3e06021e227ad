import { expect, test } from 'vitest'
import { fillerOf, parseTemplate, type Variable } from './template.ts'

const read = (variable: Variable) => `<${variable}>`

test('variables are filled in, the rest stays', () => {
  expect(fillerOf(`https://\${host}\${path}\${query}#$x{}`)(read)).toBe('https://<host><path><query>#$x{}')
  expect(fillerOf('plain')(read)).toBe('plain')
  expect(fillerOf('')(read)).toBe('')
})

test('a name that is no variable’s is told', () => {
  expect(parseTemplate(`a\${hots}b`)).toEqual({ unknown: 'hots' })
  expect(parseTemplate(`\${}`)).toEqual({ unknown: '' })
  expect(() => fillerOf(`\${hots}`)).toThrow('hots')
})
