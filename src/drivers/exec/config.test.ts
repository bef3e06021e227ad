import { expect, test } from 'vitest'
import { parseExec, readTemplate, templateOf } from './config.ts'

const THREE = { list: ['./vm', 'list'], launch: ['./vm', 'launch'], retire: ['./vm', 'retire'] }
const problemsOf = (raw: Readonly<Record<string, unknown>>) => {
  const parsed = parseExec(raw, '/srv')
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path.join('.'))
}

test('three commands are enough', () => {
  expect(parseExec(THREE, '/srv')).toEqual({
    ok: true,
    config: {
      ...THREE,
      confirm: null,
      template: null,
      env: {},
      cwd: '/srv',
      freshForMs: 2_000,
      timeoutMs: { list: 30_000, launch: 90_000, retire: 45_000, confirm: 20_000 },
    },
  })
})

test('every problem is reported with its path', () => {
  expect(problemsOf({})).toEqual(['list', 'launch', 'retire'])
  expect(
    problemsOf({
      ...THREE,
      confirm: './vm confirm',
      env: { TIDEGATE_TOKEN: 'x' },
      cwd: 7,
      fresh: '5m',
      timeouts: { list: 'soon', launch: '3m', stop: '1s' },
    }),
  ).toEqual([
    'confirm',
    'env.TIDEGATE_TOKEN',
    'cwd',
    'fresh',
    'timeouts.stop',
    'timeouts.list',
    'timeouts.launch',
  ])
  expect(problemsOf({ ...THREE, timeouts: '10s' })).toEqual(['timeouts'])
})

test('what a launch needs is its command and the template of the file, and reads back', () => {
  const parsed = parseExec({ ...THREE, template: { size: 'small' } }, '/srv')
  if (!parsed.ok) throw new Error('refused')
  const template = templateOf(parsed.config)
  expect(template).toEqual({ launch: ['./vm', 'launch'], template: { size: 'small' } })
  expect(readTemplate(template)).toEqual(template)
  expect(() => readTemplate({ launch: 'vm' })).toThrow(expect.objectContaining({ code: 'request.invalid' }))
})
