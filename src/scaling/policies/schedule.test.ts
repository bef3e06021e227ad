import { expect, test } from 'vitest'
import {
  aCalendar,
  aFleet,
  anEvent,
  aSchedule,
  aStep,
  aTarget,
  aView,
  aWindow,
} from '../../../test/kit/scaling.ts'
import { story } from '../../../test/kit/story.ts'
import { schedulePolicy } from './schedule.ts'

const BUSY = aTarget('in-flight-per-server', 8, 'busy')
const MINUTE = 60_000

test('says what is open, and leaves the number to the others', () => {
  const night = aSchedule('0 22 * * *', '0 8 * * *', { min: 2, max: 10 }, 'night')
  const fleet = aFleet({ policies: [BUSY, night] })
  const opine = (calendar: Parameters<typeof aView>[0]) =>
    schedulePolicy(night).opine(aView({ fleet, ...calendar }))
  expect(opine({ calendar: [aWindow({ min: 1, max: 10 })] })).toMatchObject({
    want: null,
    why: 'schedule night is open: min 1, max 10',
  })
  expect(opine({ calendar: [aWindow({ policy: 'day' })] })).toMatchObject({
    want: null,
    why: 'no window is open',
  })
})

test('asks for the least that is allowed where nobody else has an opinion', () => {
  const day = aSchedule('0 9 * * *', '0 10 * * *', { min: 6 }, 'day')
  const fleet = story(aFleet({ min: 2, policies: [day], guards: { inPatienceMs: 5 * MINUTE } }), {
    servers: 2,
  })
  fleet.at('59m59s', {}).wants(2)
  fleet.at('1h', {}).wants(6, 'schedule day is open')
  fleet.at('1h59m59s', {}).wants(6)
  fleet.at('2h', {}).wants(6, '6 servers wanted within the last 5m')
  fleet.at('2h5m', {}).wants(2)
})

test('a schedule takes hold at once, whatever patience and cooldown say', () => {
  const late = aSchedule('0 9 * * *', '0 10 * * *', { max: 3 }, 'late')
  const guards = { inPatienceMs: 5 * MINUTE, inCooldownMs: 5 * MINUTE }
  const fleet = story(aFleet({ min: 1, max: 20, policies: [BUSY, late], guards }), { servers: 5 })
  fleet.at('59m59s', { 'in-flight-per-server': 8 }).wants(5)
  fleet.at('1h', { 'in-flight-per-server': 8 }).wants(3, 'at most 3 (max of schedule late)')
  fleet.at('2h', { 'in-flight-per-server': 14 }).wants(6)
})

test('the servers of an event stay at so many times the number before it, also when its load has come', () => {
  const sale = aCalendar([anEvent('sale', '1h', '2h', { multiplier: 3 })], 10 * MINUTE)
  const fleet = story(aFleet({ max: 100, policies: [BUSY, sale] }), { servers: 4 })
  fleet.at('49m59s', { 'in-flight-per-server': 8 }).wants(4)
  fleet.at('50m', { 'in-flight-per-server': 8 }).wants(12, 'event sale expects 3 times the load')
  fleet.at('51m', { 'in-flight-per-server': 2.7 }).wants(12)
  fleet.at('1h', { 'in-flight-per-server': 8 }).wants(12)
  fleet.at('1h10m', { 'in-flight-per-server': 12 }).wants(18, 'needs 18 servers')
  fleet.at('1h10m1s', { 'in-flight-per-server': 8 }).wants(18)
  fleet.at('1h30m', { 'in-flight-per-server': 1 }).wants(12)
  fleet.at('2h', { 'in-flight-per-server': 1 }).wants(2)
})

test('events that follow each other or overlap count from the same number', () => {
  const events = [
    anEvent('first', '1h', '2h', { multiplier: 2 }),
    anEvent('second', '90m', '2h', { multiplier: 1.5 }),
    anEvent('third', '2h', '3h', { multiplier: 3 }),
  ]
  const hot = aStep('cpu > 80%', MINUTE, { kind: 'add', servers: 1 }, 'hot')
  const fleet = story(aFleet({ max: 100, policies: [hot, aCalendar(events, MINUTE)] }), { servers: 4 })
  fleet.at('59m', { cpu: 0.5 }).wants(8, 'event first')
  fleet.at('90m', { cpu: 0.5 }).wants(8)
  fleet
    .at('1h59m', { cpu: 0.5 })
    .wants(12, 'event third expects 3 times the load that 4 servers had before it')
  fleet.at('2h30m', { cpu: 0.5 }).wants(12)
})

test('a step policy counts on from what an event brought, within max', () => {
  const hot = aStep('cpu > 80%', MINUTE, { kind: 'add', ratio: 0.5 }, 'hot')
  const sale = aCalendar([anEvent('sale', '1h', '2h', { multiplier: 2 })])
  const fleet = story(aFleet({ max: 10, policies: [hot, sale] }), { servers: 4 })
  fleet.at('1h', { cpu: 0.5 }).wants(8)
  fleet.at('1h10m', { cpu: 0.9 }).wants(8)
  fleet.at('1h11m', { cpu: 0.9 }).wants(10, 'at most 10 (max)')
  fleet.at('1h30m', { cpu: 0.9 }).wants(10)
})
