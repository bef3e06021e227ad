import { expect, test } from 'vitest'
import { chinese, untranslated } from '../../test/kit/chinese.ts'
import { helpIn } from '../cli/help.ts'
import { createProgram, type Runners } from '../cli/program.ts'
import { BAD_CASES } from '../config/all.cases.ts'
import { problemsOf } from '../config/fixture.cases.ts'
import { FAULTS } from '../core/fault.ts'
import { languageOf } from './language.ts'
import { CHINESE } from './say.ts'

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

const PLACES = /\{\w+(?:\.\.\.|!)?\}/g

test('a translation fills in what its sentence has, as that has it', () => {
  const wrong = Object.entries(CHINESE).filter(([english, translation]) => {
    const there = new Set(english.match(PLACES))
    return (translation.match(PLACES) ?? []).some((one) => !there.has(one))
  })
  expect(wrong).toEqual([])
})

test('every fault is told in Chinese', () => {
  expect(untranslated(Object.values(FAULTS))).toEqual([])
})

test('what was loaded with warnings is told in Chinese', () => {
  const warning = 'a.yaml:3:4: warning: pools.x: no listener sends anything to this pool'
  const advice =
    'a.yaml: 2 settings are outside their advised range; `tidegate validate a.yaml` tells what that does'
  for (const who of ['cli:ann', 'file watch'])
    expect(
      untranslated(
        [advice, warning, `${warning}; ${advice}`].map((says) => `${who} loaded a.yaml anew; ${says}`),
      ),
    ).toEqual([])
  expect(chinese(`cli:ann loaded a.yaml anew; ${warning}`)).toContain('a.yaml:3:4: 警告：')
  const capacity = 'expected a number of requests a second above 0, or learned, got soon'
  expect(untranslated([capacity])).toEqual([])
  expect(chinese(capacity)).not.toContain('requests')
})

test('the actions of tuning are in its help', () => {
  const tuning = createProgram({} as Runners).commands.find((command) => command.name() === 'tuning')!
  const help = tuning.helpInformation().replace(/\s+/g, ' ')
  expect(help).toContain('what to do (choices: "apply", "revert", "hold", "resume")')
})

test('help has no space behind a colon of Chinese', () => {
  expect(
    createProgram({} as Runners)
      .configureHelp(helpIn(chinese))
      .helpInformation(),
  ).toMatch(/^用法：tidegate /)
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
