import { expect, test } from 'vitest'
import { aLaunch } from '../../test/kit/measured.ts'
import { NOON } from '../../test/kit/scaling.ts'
import type { Memory, Recalled } from '../core/store.ts'
import { notAfter } from './set-back.ts'
import { EMPTY_MEMORY } from './state.ts'

const HOUR = 3_600_000

function recalled(over: Partial<Memory>, at: number): Recalled {
  const closed = { at: at + 1_000, outcome: 'landed', detail: '' } as const
  return { memory: { ...EMPTY_MEMORY, ...over }, intents: [aLaunch(2, { at, closed })], lastSequence: at }
}

test('whoever starts later recalls everything as it was', () => {
  const journal = recalled({ tickAt: NOON - 1_000, draining: { a: NOON - HOUR } }, NOON - HOUR)
  expect(notAfter(NOON, journal)).toEqual(journal)
  const empty: Recalled = { memory: null, intents: [], lastSequence: 0 }
  expect(notAfter(NOON, empty)).toEqual(empty)
})

test('where the clock was set back, what is dated later counts as of now', () => {
  const receipt = { token: 'test.api.1', ok: true, launched: null } as const
  const memory: Partial<Memory> = {
    tickAt: NOON + HOUR,
    draining: { a: NOON - HOUR, b: NOON + HOUR },
    receipts: [{ ...receipt, at: NOON + HOUR }],
    backoff: { failures: 7, untilAt: NOON + HOUR, why: 'no room' },
  }
  const { memory: now, intents, lastSequence } = notAfter(NOON, recalled(memory, NOON + HOUR))
  expect(now).toMatchObject({
    tickAt: NOON + HOUR,
    draining: { a: NOON - HOUR, b: NOON },
    receipts: [{ ...receipt, at: NOON }],
    backoff: { failures: 7, untilAt: NOON + 60_000 },
  })
  expect(intents).toMatchObject([{ at: NOON, closed: { at: NOON, outcome: 'landed' } }])
  // A token is never used twice, whatever the clock says.
  expect(lastSequence).toBe(NOON + HOUR)
})

test('the next one finds the same intents, and a memory of its own time', () => {
  const memory: Partial<Memory> = { tickAt: NOON - 1_000, backoff: null, draining: { b: NOON - HOUR } }
  const again = notAfter(NOON, recalled(memory, NOON + HOUR))
  expect(again.memory).toMatchObject(memory)
  expect(again.intents).toMatchObject([{ at: NOON, closed: { at: NOON } }])
})
