import { expect, test } from 'vitest'
import { aLaunch, aMember, anIntent, listed, measured } from '../../test/kit/measured.ts'
import { NOON } from '../../test/kit/scaling.ts'
import type { Receipt } from '../core/step.ts'
import type { Measured } from './measured.ts'
import { verdicts } from './verdicts.ts'

const TOKEN = 'test.api.1'
const lost: Receipt = {
  token: TOKEN,
  at: NOON - 6_000,
  ok: false,
  unknown: true,
  code: 'timeout',
  message: 'no answer',
}
const answer = (ids: readonly string[], at = NOON - 1_000): Receipt => ({
  token: TOKEN,
  at,
  ok: true,
  launched: { token: TOKEN, ids },
})
const stateOf = (over: Partial<Measured>) => verdicts(measured(over))[0]!.state
const receipt = (one: Receipt) => new Map([[TOKEN, one]])

test('a launch lands when the list shows all that its receipt names', () => {
  const intents = [aLaunch(2)]
  const receipts = receipt(answer(['a', 'b']))
  expect(stateOf({ intents, receipts, listed: [listed('a')] })).toBe('pending')
  expect(stateOf({ intents, receipts, listed: [listed('a'), listed('b')] })).toBe('landed')
  expect(stateOf({ intents, receipts: receipt(answer(['a', 'b'], NOON - 11_000)) })).toBe('landed')
})

test('a launch without an answer is repeated until the list shows it or ten minutes have passed', () => {
  expect(stateOf({ intents: [aLaunch(1)] })).toBe('repeat')
  expect(stateOf({ intents: [aLaunch(1)], receipts: receipt(lost) })).toBe('repeat')
  expect(stateOf({ intents: [aLaunch(1)], receipts: receipt({ ...lost, at: NOON - 1_000 }) })).toBe('pending')
  expect(stateOf({ intents: [aLaunch(1)], listed: [listed('a')] })).toBe('landed')
  expect(stateOf({ intents: [aLaunch(1, { at: NOON - 600_001 })] })).toBe('lapsed')
})

test('whoever stops everything does not repeat a launch', () => {
  const stop = { kind: 'stop', id: 1, scope: 'fleet:api', at: NOON, untilAt: null, by: 'ann' } as const
  expect(stateOf({ intents: [aLaunch(1, { at: NOON - 20_000 })], orders: [stop] })).toBe('lapsed')
})

test('a refused launch, and one that gave nothing, have failed', () => {
  const refused = receipt({ ...lost, unknown: false })
  expect(stateOf({ intents: [aLaunch(1)], receipts: refused })).toBe('failed')
  expect(stateOf({ intents: [aLaunch(1)], receipts: receipt(answer([])) })).toBe('failed')
})

test('a step in flight is left alone, and overdue when it takes too long', () => {
  const intents = [aLaunch(1)]
  expect(stateOf({ intents, flying: new Map([[TOKEN, NOON - 5_000]]) })).toBe('in-flight')
  expect(stateOf({ intents, flying: new Map([[TOKEN, NOON - 61_000]]) })).toBe('overdue')
})

test('nothing is judged by what cannot be seen', () => {
  expect(stateOf({ intents: [aLaunch(1)], blind: ['servers: no list'] })).toBe('pending')
})

test('a put lands when its pool shows the weight, and is given up when nobody does it any more', () => {
  const member = { id: 'a', address: '10.0.0.1:1', weight: 0 }
  const intents = [anIntent({ kind: 'put', why: 'drain', pool: 'api', members: [member] })]
  expect(stateOf({ intents, members: { api: [aMember('a', { weight: 0 })] } })).toBe('landed')
  expect(stateOf({ intents, members: { api: [aMember('a')] } })).toBe('lapsed')
  const receipts = receipt({ ...answer([]), launched: null } as Receipt)
  expect(stateOf({ intents, receipts, members: { api: [aMember('a')] } })).toBe('pending')
})

test('a step whose outcome is unknown lands when the world shows it, and has failed when that does not', () => {
  const retire = [anIntent({ kind: 'retire', ids: ['a'] })]
  const receipts = receipt(lost)
  expect(stateOf({ intents: retire, receipts })).toBe('landed')
  expect(stateOf({ intents: retire, receipts, listed: [listed('a')] })).toBe('failed')
  expect(stateOf({ intents: [anIntent({ kind: 'confirm', ids: ['a'] })], receipts })).toBe('failed')
})

test('a drop lands when the member is gone, a retirement when the server is going', () => {
  const drop = [anIntent({ kind: 'drop', pool: 'api', ids: ['a'] })]
  expect(stateOf({ intents: drop })).toBe('landed')
  expect(stateOf({ intents: drop, members: { api: [aMember('a')] } })).toBe('lapsed')
  const retire = [anIntent({ kind: 'retire', ids: ['a'] })]
  expect(stateOf({ intents: retire, listed: [listed('a', { phase: 'retiring' })] })).toBe('landed')
  expect(stateOf({ intents: retire, listed: [listed('a')] })).toBe('lapsed')
})
