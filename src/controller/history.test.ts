import { expect, test } from 'vitest'
import { serving, wanting } from '../../test/kit/measured.ts'
import { NOON } from '../../test/kit/scaling.ts'
import type { Reading } from '../core/metrics.ts'
import { samplesOf } from './history.ts'

const reading = (value: number): Reading => ({ ok: true, sample: { value, at: NOON - 100 } })
const NOBODY = { others: [], shaded: null }
const NONE: Reading = { ok: false, at: NOON, why: 'no-data' }

test('a tick leaves every metric that was measured, how many servers there were and what is known of others', () => {
  const view = serving(['a', 'b'], { readings: { rps: reading(7) }, besides: { connections: reading(3) } })
  const others = [
    { rule: 'hpa', want: 3, says: '' },
    { rule: 'threshold', want: null, says: '' },
  ] as const
  expect(samplesOf(view, wanting(view, 4), { others, shaded: null })).toEqual([
    { fleet: 'api', metric: 'have', at: NOON, value: 2 },
    { fleet: 'api', metric: 'want', at: NOON, value: 4 },
    { fleet: 'api', metric: 'serving', at: NOON, value: 2 },
    { fleet: 'api', metric: 'want-hpa', at: NOON, value: 3 },
    { fleet: 'api', metric: 'rps', at: NOON - 100, value: 7 },
    { fleet: 'api', metric: 'connections', at: NOON - 100, value: 3 },
  ])
})

test('what could not be measured is a gap, not zero', () => {
  const view = serving(['a'], { readings: { rps: NONE, cpu: reading(0) } })
  expect(samplesOf(view, wanting(view, 1), NOBODY).map(({ metric }) => metric)).not.toContain('rps')
  expect(samplesOf(view, wanting(view, 1), NOBODY)).toContainEqual({
    fleet: 'api',
    metric: 'cpu',
    at: NOON - 100,
    value: 0,
  })
})

test('a blind tick does not know how many servers there are', () => {
  const view = serving(['a'], { blind: ['servers: gone'], readings: { rps: reading(7) } })
  expect(samplesOf(view, wanting(view, 1), NOBODY).map(({ metric }) => metric)).toEqual(['rps'])
})
