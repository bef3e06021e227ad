import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aFleet, aTarget } from '../../../test/kit/scaling.ts'
import type { SettingChange, TuningFigures } from '../../core/tuning.ts'
import { Judge, type Tried, verdictOf } from './better.ts'

const FLEET = aFleet({ policies: [aTarget('rps-per-server', 40)] })
const KEY = 'policies.target-rps-per-server.value'
const [NEXT, FAR] = [44, 48].map((to): readonly SettingChange[] => [{ key: KEY, from: 40, to }])

interface Came {
  readonly late: number
  readonly serverHours?: number
}

/** The same on the days that confirm, where nothing else is said. */
function aTried(changes: readonly SettingChange[], chosen: Came, confirmed: Came = chosen): Tried {
  const figures = ({ late, serverHours = 100 }: Came): TuningFigures => {
    return { late, worstDay: late, spread: [late, late], serverHours, changes: 10 }
  }
  const days = [chosen, confirmed].map(({ late, serverHours = 100 }) => {
    return { requests: 1e9, late: late * 1e9, serverHours, changes: 10 }
  })
  return { changes, next: NEXT!, seeds: [days], chosen: figures(chosen), confirmed: figures(confirmed) }
}

function verdict(now: Tried, ...all: readonly Tried[]): string {
  const judge = new Judge({ late: 0.001 }, now)
  const found = verdictOf(judge.ranked(all), judge, FLEET)
  if (typeof found !== 'string') return `${found.kind} ${found.best.changes[0]!.to}`
  expect(untranslated([found])).toEqual([])
  return found
}

test('what is far better is proposed when the first step to it is no worse', () => {
  const now = aTried([], { late: 0 })
  const far = aTried(FAR!, { late: 0, serverHours: 90 })
  expect(verdict(now, far, aTried(NEXT!, { late: 0, serverHours: 99.9 }))).toBe('saving 48')
  const dear = { late: 0, serverHours: 101 }
  expect(verdict(now, far, aTried(NEXT!, dear))).toMatch(/^no neighbour saves/)
  expect(verdict(now, far, aTried(NEXT!, { late: 0.002, serverHours: 95 }))).toMatch(/^no neighbour saves/)
  expect(verdict(now, far, aTried(NEXT!, { late: 0, serverHours: 95 }, dear))).toMatch(/may be chance$/)
})

test('fewer late requests count where there are some on the days of both halves', () => {
  const better = (confirmed: number) => aTried(NEXT!, { late: 0.001 }, { late: confirmed })
  expect(verdict(aTried([], { late: 0.004 }, { late: 0.004 }), better(0.001))).toBe('relief 44')
  expect(verdict(aTried([], { late: 0.004 }, { late: 4.85e-8 }), better(1.34e-8))).toBe(
    '0.2 % of the requests are late, but hardly any on every other day: what would help cannot be confirmed',
  )
})
