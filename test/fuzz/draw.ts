import type { Millis } from '../../src/core/time.ts'
import { type Chance, chanceOf } from '../kit/chance.ts'
import { configOf, METRICS_OF_STORIES } from './draw-config.ts'
import type { Config, Kill, Level, Ordered, Reload, Story, Trouble } from './story.ts'

const MINUTE = 60_000

/** The story of this seed. */
export function storyOf(seed: number): Story {
  const chance = chanceOf(seed)
  const troubleMs = chance.between(2 * MINUTE, 5 * MINUTE)
  const moment = () => chance.between(10_000, troubleMs - 20_000)
  const several = <T>(most: number, one: () => T) =>
    Array.from({ length: chance.whole(0, most) }, () => one())
  const config = configOf(chance)
  return {
    seed,
    tickMs: chance.oneOf([1_000, 2_000, 5_000, 10_000, 15_000]),
    troubleMs,
    config,
    nature: {
      launchMs: chance.oneOf([0, 0, 300, 2_000, 8_000]),
      listLagMs: chance.oneOf([0, 0, 0, 1_000, 6_000]),
      bootMs: chance.between(100, 10_000),
      warmUpMs: chance.between(100, 10_000),
      stopMs: chance.between(100, 5_000),
    },
    keeps: chance.oneOf([0, 0, 0, 2]),
    requestMs: chance.oneOf([100, 1_000, 5_000, 20_000]),
    load: loadOf(chance, troubleMs, config.max!),
    before: {
      days: chance.oneOf([0, 1, 2, 8, 15]),
      load: chance.oneOf([0, 1, 4, 8, 16]) * chance.whole(0, config.max!),
      gaps: chance.draw() < 0.3,
    },
    troubles: several(8, () => troubleOf(chance, moment(), troubleMs)),
    kills: several(3, () => killOf(chance, moment())).sort((a, b) => a.fromMs - b.fromMs),
    reloads: several(2, () => reloadOf(chance, moment(), config)).sort((a, b) => a.fromMs - b.fromMs),
    orders: several(2, () => orderOf(chance, moment(), troubleMs)),
  }
}

/** Levels that a server can carry 8 of, with ramps as steps. */
function loadOf(chance: Chance, troubleMs: Millis, max: number): readonly Level[] {
  const levels: Level[] = [{ fromMs: 0, load: chance.whole(0, 4 * max) }]
  for (let fromMs = 0; fromMs < troubleMs; ) {
    fromMs += chance.between(5_000, MINUTE)
    levels.push({ fromMs, load: chance.oneOf([0, 1, 2, 4, 6, 8, 12]) * chance.whole(0, max) })
  }
  return levels
}

function killOf(chance: Chance, fromMs: Millis): Kill {
  const [boundaries, restartMs] = [
    chance.whole(1, 30),
    chance.oneOf([100, 5_000, chance.between(10_000, MINUTE)]),
  ]
  return { fromMs, boundaries, restartMs, jumpMs: chance.draw() < 0.2 ? jump(chance) : 0 }
}

function jump(chance: Chance): Millis {
  return chance.between(-3 * MINUTE, 3 * MINUTE)
}

/** Limits, guards and policies of another draw, or only a new revision. */
function reloadOf(chance: Chance, fromMs: Millis, before: Config): Reload {
  const other = configOf(chance)
  const { pools: _pools, metrics: _metrics, ...rest } = other
  const revision = chance.oneOf(['r1', 'r2', 'r3'])
  const limits = { min: other.min!, max: other.max! }
  return {
    fromMs,
    config: chance.oneOf<Config>([
      limits,
      { ...before, revision },
      { policies: other.policies! },
      { guards: other.guards! },
      { ...rest, revision },
    ]),
  }
}

function orderOf(chance: Chance, fromMs: Millis, troubleMs: Millis): Ordered {
  const body = chance.oneOf<Ordered['body']>([
    { kind: 'pause', direction: chance.oneOf(['in', 'out', 'both'] as const) },
    { kind: 'pin', desired: chance.whole(0, 14) },
    { kind: 'replace' },
    { kind: 'stop' },
    { kind: 'drain' },
    { kind: 'weight' },
  ])
  return { fromMs, forMs: chance.between(10_000, troubleMs - fromMs), body }
}

function troubleOf(chance: Chance, fromMs: Millis, troubleMs: Millis): Trouble {
  const untilMs = Math.min(troubleMs, fromMs + chance.oneOf([5_000, 20_000, MINUTE, 3 * MINUTE]))
  const when = { fromMs, untilMs }
  const delayMs = chance.oneOf([400, 3_000, 20_000, 50_000])
  const share = chance.oneOf([0.3, 0.6, 1])
  return chance.oneOf<Trouble>([
    { ...when, kind: 'read', verb: chance.oneOf(['list', 'members', 'orders'] as const), how: hangs(chance) },
    { ...when, kind: 'journal', verb: chance.oneOf(['intend', 'commit'] as const) },
    { ...when, kind: 'write', verb: 'launch', how: howOf(chance), delayMs },
    {
      ...when,
      kind: 'write',
      verb: chance.oneOf(['put', 'confirm', 'drop', 'retire', 'park'] as const),
      how: howOf(chance),
      delayMs,
    },
    ...[null, chance.oneOf(METRICS_OF_STORIES), chance.oneOf(METRICS_OF_STORIES)].map(
      (metric): Trouble => ({
        ...when,
        kind: 'metric',
        metric,
        how: chance.oneOf(['missing', 'stale', 'stale', 'unreachable', 'hang', 'nonsense'] as const),
      }),
    ),
    { ...when, kind: 'history', how: hangs(chance) },
    {
      ...when,
      kind: 'forecast',
      how: chance.oneOf(['refuse', 'hang', 'nothing', 'nonsense', 'huge'] as const),
    },
    { ...when, kind: 'unconfigured' },
    { ...when, kind: 'few', count: chance.whole(0, 2) },
    { ...when, kind: 'starts', nature: startsOf(chance) },
    { ...when, kind: 'ill', share },
    { ...when, kind: 'crash', share },
    { ...when, kind: 'notice' },
    { ...when, kind: 'forget' },
    { ...when, kind: 'jump', ms: jump(chance) },
  ])
}

function hangs(chance: Chance): 'refuse' | 'hang' {
  return chance.draw() < 0.3 ? 'hang' : 'refuse'
}

function howOf(chance: Chance) {
  return chance.oneOf(['refuse', 'lost', 'gone', 'slow', 'late'] as const)
}

function startsOf(chance: Chance): Story['nature'] {
  return chance.oneOf<Story['nature']>([
    { exitsAfterMs: chance.between(50, 5_000) },
    { warmUpMs: null },
    { bootMs: chance.between(20_000, 2 * MINUTE) },
    { listLagMs: chance.between(1_000, 9_000) },
  ])
}
