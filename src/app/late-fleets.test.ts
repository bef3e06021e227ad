import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { aFleet } from '../../test/kit/scaling.ts'
import { Fault } from '../core/fault.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { LateFleets } from './late-fleets.ts'

function scene(failures: number) {
  const clock = new VirtualClock(0)
  const triedAt: number[] = []
  const open = async () => {
    triedAt.push(clock.now())
    if (triedAt.length > failures) return
    throw new Fault('config.invalid', `no folder ${triedAt.length}`, { source: 'user', retry: 'no' })
  }
  const late = new LateFleets({ clock, signal: new AbortController().signal, open, onDefect: fail })
  return { clock, triedAt, late }
}

test('a fleet that could not be opened is tried again ever more slowly, and shown until it runs', async () => {
  const { clock, triedAt, late } = scene(3)
  late.add(aFleet({ min: 2 }), 'no folder 0')
  expect(late.statuses).toMatchObject([
    { name: 'api', min: 2, blind: 'it does not run yet, and is tried again: no folder 0' },
  ])
  expect(untranslated(late.statuses.map(({ blind }) => blind!.replace(/no folder.*/, 'X')))).toEqual([])
  await clock.advance(8_000)
  expect(triedAt).toEqual([1_000, 3_000, 7_000])
  expect(late.statuses).toMatchObject([{ blind: expect.stringContaining('no folder 3') }])
  await clock.advance(120_000)
  expect(triedAt).toEqual([1_000, 3_000, 7_000, 15_000])
  expect(late.statuses).toEqual([])
})

test('a file that is loaded anew forgets it', async () => {
  const { clock, triedAt, late } = scene(9)
  late.add(aFleet(), 'no folder 0')
  late.clear()
  await clock.advance(60_000)
  expect({ triedAt, statuses: late.statuses }).toEqual({ triedAt: [], statuses: [] })
})

test('one whose turn to be opened comes after all was told to stop is not wanted', async () => {
  const clock = new VirtualClock(0)
  const wanted: boolean[] = []
  const turn = Promise.withResolvers<void>()
  const open = async (_: unknown, isWanted: () => boolean) => {
    wanted.push(isWanted())
    await turn.promise
    wanted.push(isWanted())
  }
  const late = new LateFleets({ clock, signal: new AbortController().signal, open, onDefect: fail })
  late.add(aFleet(), 'no folder')
  await clock.advance(1_000)
  late.clear()
  turn.resolve()
  await clock.advance(1_000)
  expect(wanted).toEqual([true, false])
})

function fail(error: unknown): never {
  throw error
}
