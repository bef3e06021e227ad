import type { GuardSpec } from '../../src/core/policy.ts'
import { aFleet } from '../kit/scaling.ts'
import { type Between, Run } from './run.ts'
import type { Story } from './story.ts'
import type { Violation } from './watch.ts'

/** So many lives are enough to find a smaller story. */
const MOST_LIVES = 200
const PARTS = ['troubles', 'kills', 'reloads', 'orders', 'load'] as const
const PLAIN = { reserve: 0, replace: { surge: 1, unhealthyMs: null }, pools: ['api'] } as const
const QUICK = { launchMs: 0, listLagMs: 0, bootMs: 200, warmUpMs: 800, stopMs: 300 } as const

/** What is wrong with a story; a controller that throws has broken everything. */
export async function violationsOf(story: Story, between?: Between): Promise<readonly Violation[]> {
  const run = new Run(story, between)
  await run.live()
  return run.watch.violations
}

/** A story as small as it gets in which the same invariant does not hold: fewer faults, shorter, a simpler configuration. */
export async function shrunk(story: Story, invariant: string, between?: Between): Promise<Story> {
  let smallest = story
  let lives = 0
  for (let goOn = true; goOn; ) {
    goOn = false
    for (const smaller of smallerOnes(smallest)) {
      if (lives++ >= MOST_LIVES) return smallest
      const violations = await violationsOf(smaller, between)
      if (!violations.some((one) => one.invariant === invariant)) continue
      smallest = smaller
      goOn = true
      break
    }
  }
  return smallest
}

/** Those that lack most come first. */
function* smallerOnes(story: Story): Generator<Story> {
  for (const part of PARTS) {
    const all: readonly unknown[] = story[part]
    if (all.length > 1) yield { ...story, [part]: all.slice(0, Math.ceil(all.length / 2)) }
    if (all.length > 1) yield { ...story, [part]: all.slice(Math.ceil(all.length / 2)) }
  }
  for (const part of PARTS) {
    const all: readonly unknown[] = story[part]
    for (const index of all.keys()) yield { ...story, [part]: all.toSpliced(index, 1) }
  }
  yield* shorter(story)
  yield* simpler(story)
}

function* shorter(story: Story): Generator<Story> {
  const troubleMs = Math.ceil(story.troubleMs / 2)
  if (troubleMs < 10_000) return
  const before = <T extends { readonly fromMs: number }>(all: readonly T[]) =>
    all.filter(({ fromMs }) => fromMs < troubleMs)
  yield {
    ...story,
    troubleMs,
    troubles: before(story.troubles).map((one) => ({ ...one, untilMs: Math.min(one.untilMs, troubleMs) })),
    kills: before(story.kills),
    reloads: before(story.reloads),
    orders: before(story.orders),
    load: before(story.load),
  }
}

function* simpler(story: Story): Generator<Story> {
  const { config, nature } = story
  const { policies = [], guards = {} } = config
  for (const index of policies.keys())
    yield { ...story, config: { ...config, policies: policies.toSpliced(index, 1) } }
  const none = aFleet().guards
  for (const name of Object.keys(guards) as (keyof GuardSpec)[]) {
    if (JSON.stringify(guards[name]) === JSON.stringify(none[name])) continue
    yield { ...story, config: { ...config, guards: { ...guards, [name]: none[name] } } }
  }
  for (const name of Object.keys(PLAIN) as (keyof typeof PLAIN)[]) {
    if (JSON.stringify(config[name]) !== JSON.stringify(PLAIN[name]))
      yield { ...story, config: { ...config, [name]: PLAIN[name] } }
  }
  if (JSON.stringify(nature) !== JSON.stringify(QUICK)) yield { ...story, nature: QUICK }
  if (story.before.days > 0) yield { ...story, before: { ...story.before, days: 0 } }
  if (story.keeps > 0) yield { ...story, keeps: 0 }
}
