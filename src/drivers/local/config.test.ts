import { expect, test } from 'vitest'
import { parseLocal, readTemplate, templateOf } from './config.ts'

const NONE = { cpus: null, memoryBytes: null }
const problemsOf = (raw: Readonly<Record<string, unknown>>) => {
  const parsed = parseLocal(raw, '/srv')
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path.join('.'))
}

test('a command alone is enough', () => {
  expect(parseLocal({ command: ['node', 'server.js'], min: 2 }, '/srv')).toEqual({
    ok: true,
    config: { command: ['node', 'server.js'], env: {}, cwd: '/srv', limits: NONE, stopTimeoutMs: 10_000 },
  })
})

test('the folder is relative to the file, and values of the environment become text', () => {
  const raw = { command: ['true'], cwd: 'app', env: { A: 1, B: true, C: 'x' }, 'stop-timeout': '1m' }
  expect(parseLocal(raw, '/srv')).toMatchObject({
    config: { cwd: '/srv/app', env: { A: '1', B: 'true', C: 'x' }, stopTimeoutMs: 60_000 },
  })
})

test('every problem is reported with its path', () => {
  expect(problemsOf({})).toEqual(['command'])
  expect(problemsOf({ command: 'node server.js' })).toEqual(['command'])
  expect(problemsOf({ command: [] })).toEqual(['command'])
  expect(
    problemsOf({
      command: ['', 8080],
      env: { PORT: '1', TIDEGATE_TOKEN: 'x', 'A-B': 'y', LIST: [] },
      cwd: 7,
      cpus: 0,
      memory: 64,
      'stop-timeout': 'soon',
    }),
  ).toEqual([
    'command.1',
    'command.0',
    'env.PORT',
    'env.TIDEGATE_TOKEN',
    'env.A-B',
    'env.LIST',
    'cwd',
    'cpus',
    'memory',
    'stop-timeout',
  ])
  expect(problemsOf({ command: ['a'], env: ['A=1'] })).toEqual(['env'])
})

test('a template reads back as it was, without the time to stop', () => {
  const parsed = parseLocal({ command: ['a', 'b'], env: { A: '1' }, cwd: 'x', 'stop-timeout': '1s' }, '/srv')
  if (!parsed.ok) throw new Error('refused')
  const template = templateOf(parsed.config)
  expect(template).toEqual({ command: ['a', 'b'], env: { A: '1' }, cwd: '/srv/x' })
  expect(readTemplate(template)).toMatchObject({ command: ['a', 'b'], env: { A: '1' }, cwd: '/srv/x' })
  const limited = parseLocal({ command: ['a'], cpus: '0.5', memory: '1GiB' }, '/srv')
  if (!limited.ok) throw new Error('refused')
  expect(templateOf(limited.config)).toEqual({
    command: ['a'],
    env: {},
    cwd: '/srv',
    cpus: 0.5,
    memory: '1073741824B',
  })
  expect(readTemplate(templateOf(limited.config)).limits).toEqual({ cpus: 0.5, memoryBytes: 2 ** 30 })
  expect(() => readTemplate(null)).toThrow(expect.objectContaining({ code: 'request.invalid' }))
})
