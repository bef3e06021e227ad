import { expect, test } from 'vitest'
import { serving, wanting } from '../../test/kit/measured.ts'
import { aFleet, NOON } from '../../test/kit/scaling.ts'
import { sequenceOf } from '../core/step.ts'
import { intend } from './intend.ts'
import type { Planned } from './planned.ts'
import { isBeforeOrder } from './replacing.ts'

const retire = (change: boolean): Planned => ({
  step: { kind: 'retire', ids: ['a1'] },
  by: 'policy:load',
  change,
})
const tokens = (last: number, installation = 'home', name = 'api') => {
  const view = serving([], { fleet: aFleet({ name }) })
  const planned = [retire(true), retire(false)]
  return intend(planned, wanting(view, 3), view, { installation, last }).map(({ token }) => token)
}

test('sequences follow the clock, and the last one when that is ahead', () => {
  expect(tokens(0)).toEqual([`home.api.${NOON}`, `home.api.${NOON + 1}`])
  expect(tokens(NOON + 50)).toEqual([`home.api.${NOON + 51}`, `home.api.${NOON + 52}`])
  expect(sequenceOf(tokens(0)[1]!)).toBe(NOON + 1)
})

test('a token has at most 64 ASCII characters, whatever the names', () => {
  for (const installation of ['x'.repeat(80), '潮闸', 'with space']) {
    for (const token of tokens(0, installation)) expect(token).toMatch(/^[\x21-\x7e]{1,64}$/)
  }
  expect(tokens(0, 'x'.repeat(80))).not.toEqual(tokens(0, 'y'.repeat(80)))
})

test('the longest names that a file may have still begin the token', () => {
  const [installation, name] = ['i'.repeat(20), 'f'.repeat(29)]
  expect(tokens(0, installation, name)[0]).toBe(`${installation}.${name}.${NOON}`)
})

test('what is launched under an order to replace comes after it, when the clock has been set back since', () => {
  const order = {
    kind: 'replace',
    id: 1,
    scope: 'fleet:api',
    at: NOON + 3_600_000.5,
    untilAt: null,
    by: 'li',
  } as const
  const view = { ...serving(['a1']), orders: [order] }
  const [made] = intend([retire(true)], wanting(view, 1), view, { installation: 'i', last: 0 })
  expect(isBeforeOrder({ token: made!.token, launchedAt: NOON }, view)).toBe(false)
})

test('only steps of a change say that the number changes', () => {
  const view = serving(['a1'])
  const made = intend([retire(true), retire(false)], wanting(view, 3), view, { installation: 'i', last: 0 })
  expect(made.map(({ have, want }) => [have, want])).toEqual([
    [1, 3],
    [1, 1],
  ])
})
