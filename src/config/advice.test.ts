import { expect, test } from 'vitest'
import type * as z from 'zod'
import { file, problemsOf } from './fixture.cases.ts'
import { FLEET } from './fleet-schema.ts'
import { leavesOf } from './leaves.ts'
import { LISTENER } from './listener-schema.ts'
import { METRIC } from './metric-schema.ts'
import { STEP_POLICY } from './policy-schema.ts'
import { POOL } from './pool-schema.ts'
import { startLines } from './problems.ts'
import { ROOT } from './schema.ts'

const pool = (keys: string) => file({ api: `api: { servers: [ { address: "10.0.0.1:80" } ], ${keys} }` })
const advices = (text: string) =>
  problemsOf(text)
    .filter(({ advice }) => advice)
    .map(({ path, message, level }) => ({ path, message, level }))

test('a value outside its advised range is a warning that says what it does', () => {
  expect(advices(pool('health: { interval: 5s, timeout: 1s }'))).toEqual([
    {
      path: 'pools.api.health.interval',
      message:
        '5s: advised 15s to 60s; below that, checks are a load of their own, and a hiccup of seconds is enough to take a server out',
      level: 'warning',
    },
  ])
  const [found] = problemsOf(pool('health: { interval: 61s }'))
  expect(found).toMatchObject({ line: 5, message: expect.stringMatching(/^61s: .* above that, a server/) })
})

test('the ends of an advised range are in it', () => {
  expect(advices(pool('health: { interval: 15s, unhealthy: 5 }, upstream: { connections: 5000 }'))).toEqual(
    [],
  )
  expect(advices(pool('health: { interval: 60s, unhealthy: 2 }, upstream: { connections: 1000 }'))).toEqual(
    [],
  )
  expect(advices(pool('health: { interval: 14999ms, unhealthy: 6 }'))).toHaveLength(2)
  expect(advices(pool('health: { unhealthy: 1 }, upstream: { connections: 5001 }'))).toHaveLength(2)
})

test('none is above every number', () => {
  const fleets = 'fleets:\n  f: { driver: fake, command: run, max: 1, drain: { timeout: none } }\n'
  expect(advices(`${pool('fleet: f')}${fleets}`)).toMatchObject([{ path: 'fleets.f.drain.timeout' }])
})

test('what is wrong is told as wrong, and the rest of its section is advised on', () => {
  const problems = problemsOf(pool('health: { interval: soon, unhealthy: 9 }'))
  expect(problems.map(({ path, level }) => [path, level])).toEqual([
    ['pools.api.health.interval', 'error'],
    ['pools.api.health.unhealthy', 'warning'],
  ])
})

test('whoever starts hears a number, and every other warning', () => {
  const one = problemsOf(`${pool('retries: 9')}  idle: { servers: [ { address: "a:1" } ] }\n`)
  expect(startLines('a.yaml', one)).toEqual([
    'tidegate.yaml:6:3: warning: pools.idle: no listener sends anything to this pool',
    'a.yaml: 1 setting is outside its advised range; `tidegate validate a.yaml` tells what that does',
  ])
  const two = problemsOf(pool('retries: 9, slow-start: 1h'))
  expect(startLines('a.yaml', two)).toEqual([
    expect.stringContaining('a.yaml: 2 settings are outside their advised range'),
  ])
  expect(startLines('a.yaml', problemsOf(pool('retries: 3')))).toEqual([])
})

const SECTIONS: readonly z.ZodObject[] = [ROOT, LISTENER, POOL, FLEET, STEP_POLICY, METRIC]
const advised = SECTIONS.flatMap((section) => leavesOf(section))
  .filter(({ meta }) => meta.advised !== null)
  .map((leaf) => ({ ...leaf, name: leaf.path.join('.') }))

test.each(advised)('$name: its default is within the advice, every end has its effect', ({ meta }) => {
  const { least, below, most, above } = meta.advice!
  expect([least === undefined, most === undefined]).toEqual([below === undefined, above === undefined])
  const { least: from, most: to } = meta.advised!
  expect(from).toBeLessThan(to)
})

test('a file that writes every default down is advised on nothing', () => {
  const written = (section: z.ZodObject) =>
    Object.entries(nested(leavesOf(section))).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const text = `
listeners:
  web: { bind: ":80", pool: api, ${written(LISTENER).join(', ')} }
pools:
  api: { fleet: api, ${written(POOL).join(', ')} }
fleets:
  api: { driver: fake, command: run, max: 1, ${written(FLEET).join(', ')} }
`
  expect(problemsOf(text)).toEqual([])
})

/** Default values as a section has them. */
function nested(leaves: ReturnType<typeof leavesOf>): Record<string, unknown> {
  const section: Record<string, unknown> = {}
  for (const { path, meta } of leaves) {
    if (meta.default === undefined) continue
    let at = section
    for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>
    at[path.at(-1)!] = meta.default
  }
  return section
}
