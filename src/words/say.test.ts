import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { createProgram, type Runners } from '../cli/program.ts'
import { BAD_CASES } from '../config/all.cases.ts'
import { problemsOf } from '../config/fixture.cases.ts'
import { FAULTS } from '../core/fault.ts'
import { languageOf } from './language.ts'

test('the language is that of the first variable that is set', () => {
  expect(languageOf({ LANG: 'zh_CN.UTF-8' })).toBe('zh')
  expect(languageOf({ LANG: 'zh_TW' })).toBe('zh')
  expect(languageOf({ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en')
  expect(languageOf({ LC_ALL: '', LC_MESSAGES: 'zh', LANG: 'en_GB.UTF-8' })).toBe('zh')
  expect(languageOf({ LANG: 'zha_CN' })).toBe('en')
  expect(languageOf({})).toBe('en')
})

test('every problem of a bad file is told in Chinese', () => {
  const messages = BAD_CASES.flatMap(({ text }) =>
    problemsOf(text.replace('§', '')).map(({ message }) => message),
  )
  expect(untranslated(messages)).toEqual([])
})

test('every fault is told in Chinese', () => {
  expect(untranslated(Object.values(FAULTS))).toEqual([])
})

test('every command, argument and option is explained in Chinese', () => {
  const program = createProgram({} as Runners)
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]
  const texts = all.flatMap((command) => [
    command.description(),
    ...command.registeredArguments.map(({ description }) => description),
    ...command.options.map(({ description }) => description),
  ])
  expect(texts.length).toBeGreaterThan(60)
  expect(untranslated(texts)).toEqual([])
})
