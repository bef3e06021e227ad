import { describe, expect, test } from 'vitest'
import { BAD_CASES } from './all.cases.ts'
import { about, problemsOf } from './fixture.cases.ts'
import { parseSettings } from './load.ts'

describe('a bad file', () => {
  test.each(BAD_CASES)('$name is told with its place', ({ text, path, message }) => {
    const [before = ''] = text.split('§')
    const lines = before.split('\n')
    const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
    const loaded = parseSettings(text.replace('§', ''), about)
    expect(loaded.ok).toBe(false)
    const errors = problemsOf(text.replace('§', '')).filter(({ level }) => level === 'error')
    const found = errors.find((problem) => problem.message.includes(message))
    expect(found ?? errors).toMatchObject({ ...place, file: 'tidegate.yaml' })
    if (path !== '') expect(found?.path).toBe(path)
  })

  test('tells everything at once, in the order of the file', () => {
    const text = `
gateway: { workers: 99 }
listeners:
  web: { bind: 80, pool: nope, protcol: http }
pools:
  api: { fleet: fleet, retries: 11 }
fleets:
  fleet: { driver: fake, min: x, policies: [ { type: step, when: cpuu > 1, for: 1, add: -1 } ] }
`
    expect(
      problemsOf(text)
        .filter(({ level }) => level === 'error')
        .map(({ path }) => path),
    ).toEqual([
      'gateway.workers',
      'listeners.web.bind',
      'listeners.web.pool',
      'listeners.web.protcol',
      'pools.api.retries',
      'fleets.fleet.command',
      'fleets.fleet.max',
      'fleets.fleet.min',
      'fleets.fleet.policies.0.when',
      'fleets.fleet.policies.0.for',
      'fleets.fleet.policies.0.add',
    ])
  })

  test('is refused when aliases multiply', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const item = level === 0 ? 'x' : `*l${level - 1}`
      return `l${level}: &l${level} [${Array(9).fill(item).join(', ')}]`
    })
    expect(problemsOf(levels.join('\n')).map(({ message }) => message)).toContain(
      'more than 50000 values; are aliases multiplying each other?',
    )
  })
})
