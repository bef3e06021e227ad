import { expect, test } from 'vitest'
import { aMember, listed, measured } from '../../test/kit/measured.ts'
import { aFleet, aTarget, NOON } from '../../test/kit/scaling.ts'
import { type AlertMemory, NO_ALERTS } from '../core/alerts.ts'
import { METRICS } from '../core/metrics.ts'
import type { Decision } from '../core/scaling.ts'
import { compilePolicies } from '../scaling/policies/compile.ts'
import { alertNews, nextAlerts, raised } from './alerts.ts'
import type { Measured } from './measured.ts'
import { EMPTY_MEMORY } from './state.ts'
import { verify } from './verify.ts'

const compiled = compilePolicies([aTarget('cpu', 0.5)], {})
const POLICIES = compiled.ok ? compiled.policies : []

/** Looks once a second; `seen` gives what is there at that second, and gets what is remembered. */
function watching(
  seconds: number,
  seen: (second: number) => Partial<Measured> & { raw?: number | null },
  policies = POLICIES,
) {
  let memory: AlertMemory = NO_ALERTS
  const told: string[] = []
  for (let second = 0; second < seconds; second++) {
    const { raw = null, ...over } = seen(second)
    const now = NOON + 1_000 * second
    const view = verify(
      measured({ now, readings: { cpu: { ok: true, sample: { value: 0.5, at: now } } }, ...over }),
    )
    const decision: Decision = { have: view.have, want: view.have, because: [], opinions: [], raw }
    const next = nextAlerts(memory, view, decision, policies)
    told.push(...alertNews(memory, next).map((text) => `${second}s ${text}`))
    memory = next
  }
  return { memory, told, names: raised(memory).map(({ name }) => name) }
}

const FULL = { fleet: aFleet({ max: 2 }), listed: [listed('a1'), listed('a2')] }
const SERVED = { ...EMPTY_MEMORY, confirmed: ['a1', 'a2', 'a3', 'a4'] }
const members = (state: 'healthy' | 'unhealthy') => ({ api: [aMember('a1', { state })] })

test('a quiet fleet raises nothing', () => {
  expect(watching(120, () => ({})).told).toEqual([])
})

test('a fleet at its limit is told of after a minute, and once', () => {
  const { told } = watching(300, (second) => ({ ...FULL, raw: second < 100 ? 4 : 2 }))
  expect(told).toEqual([
    '60s alert at-max: 4 servers are wanted, and max is 2',
    '159s alert at-max has ended',
  ])
})

test('a wish that passes is no alert, and one that comes and goes is one', () => {
  expect(watching(200, (second) => ({ ...FULL, raw: second < 59 ? 4 : 2 })).told).toEqual([])
  const comes = watching(400, (second) => ({ ...FULL, raw: second < 100 || second % 50 === 0 ? 4 : 2 }))
  expect(comes.told).toEqual(['60s alert at-max: 4 servers are wanted, and max is 2'])
})

test('a metric that a policy needs and nobody has is told of, an idle one is not', () => {
  const cpu = (why: 'no-data' | 'idle') => ({
    ok: false as const,
    at: NOON,
    why,
    detail: 'nobody measures it',
  })
  const serves = { listed: [listed('a1')], members: members('healthy') }
  const none = watching(70, () => ({ ...serves, readings: { cpu: cpu('no-data') } }))
  expect(none.told).toEqual(['60s alert no-data: cpu: nobody measures it'])
  expect(watching(70, () => ({ ...serves, readings: { cpu: cpu('idle') } })).told).toEqual([])
  expect(watching(70, () => ({ readings: { cpu: cpu('no-data') } })).told).toEqual([])
})

test('a metric whose points come late is told of when one could have been there', () => {
  const late = { ...METRICS.cpu, from: 'source:cm', freshMs: 90_000 }
  const compiled = compilePolicies([aTarget('mine', 0.5)], { mine: late })
  const seen = () => ({
    fleet: aFleet({ metrics: { mine: late } }),
    listed: [listed('a1')],
    members: members('healthy'),
    readings: {
      mine: { ok: false as const, at: NOON, why: 'no-data' as const, detail: 'its servers are new' },
    },
  })
  const { told } = watching(120, seen, compiled.ok ? compiled.policies : [])
  expect(told).toEqual(['90s alert no-data: mine: its servers are new'])
})

test('a server that turns bad three times in ten minutes flaps', () => {
  const flapping = (period: number) =>
    watching(1_500, (second) => ({
      memory: SERVED,
      listed: [listed('a1')],
      members: members(Math.floor(second / period) % 2 === 0 ? 'healthy' : 'unhealthy'),
    }))
  expect(flapping(60).told[0]).toBe('300s alert flapping: a1 turned bad 3 times in 10 minutes')
  expect(flapping(200).told).toEqual([])
})

test('servers that failed after they had served are told of, and those that never served are not', () => {
  const failed = ['a1', 'a2', 'a3'].map((id) => listed(id, { phase: 'failed' }))
  const over = { listed: failed }
  expect(watching(2, () => ({ ...over, memory: SERVED })).names).toEqual(['flapping'])
  expect(watching(2, () => over).names).toEqual([])
})

test('who cannot see says so after half a minute, and counts no turns meanwhile', () => {
  const blind = ['servers: no list']
  const { told, memory } = watching(40, () => ({
    blind,
    memory: SERVED,
    listed: [listed('a1', { phase: 'failed' })],
  }))
  expect(told).toEqual(['30s alert blind: servers: no list'])
  expect(memory.turns).toEqual([])
})

test('a step that is overdue is told of at once', () => {
  const request = { fleet: 'api', count: 2, revision: 'r1', template: {} }
  const intent = {
    token: 't.api.1',
    fleet: 'api',
    step: { kind: 'launch' as const, request },
    at: NOON - 200_000,
  }
  const about = { have: 1, want: 3, by: 'policy:cpu', closed: null }
  const flying = new Map([[intent.token, NOON - 200_000]])
  const { told } = watching(1, () => ({ intents: [{ ...intent, ...about }], flying }))
  expect(told).toEqual(['0s alert step-overdue: launch 2 servers: no answer for 3m20s'])
})

test('servers that belong to no fleet of the file are told of, by name and by number', () => {
  const strays = ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6', 'i-7']
  const { told } = watching(70, () => ({ strays }))
  expect(told).toEqual([
    '60s alert strays: i-1, i-2, i-3, i-4, i-5 and 2 more: of this installation, but of no fleet of the file; they are paid for until you delete them',
  ])
})
