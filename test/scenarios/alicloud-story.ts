import type { Millis } from '../../src/core/time.ts'
import type { FaultRule } from '../../src/sandbox/fault-rule.ts'
import { type Chance, chanceOf } from '../kit/chance.ts'
import { START } from '../kit/cloud.ts'

const MINUTE = 60_000
/** Everything that goes wrong does so in this time. */
export const TROUBLE = { fromAt: START + 2 * MINUTE, toAt: START + 7 * MINUTE }
const ZONES = ['cn-hangzhou-h', 'cn-hangzhou-i', 'cn-hangzhou-j']

export type Carrier = 'imaginary' | 'clb' | 'alb'

/** What happens to a fleet: all of it follows from the seed. */
export interface Story {
  readonly seed: number
  /** How many servers the load needs, by minute. */
  readonly peaks: readonly number[]
  readonly faults: readonly Trouble[]
  readonly kills: readonly Kill[]
  /** When a spot server is given its notice. */
  readonly interruptions: readonly Millis[]
  /** When a server that runs is gone, as after `SystemFailure.Delete`. */
  readonly losses: readonly Millis[]
  readonly spot: boolean
  /** So many servers that leave are kept, stopped. */
  readonly warm: number
  /** What has the traffic. */
  readonly carrier: Carrier
}

/** A rule of the sandbox, and when it begins. */
export interface Trouble {
  readonly fromAt: Millis
  readonly rule: FaultRule
}

/** The controller is killed some writes after `at`, and started anew, by a clock that says something else then. */
export interface Kill {
  readonly at: Millis
  readonly boundaries: number
  readonly restartMs: Millis
  readonly jumpMs: Millis
}

export function storyOf(seed: number): Story {
  const chance = chanceOf(seed)
  const several = <T>(most: number, one: (nth: number) => T) =>
    Array.from({ length: chance.whole(0, most) }, (_, nth) => one(nth))
  const moment = () => chance.between(TROUBLE.fromAt, TROUBLE.toAt)
  const carrier = chance.oneOf<Carrier>(['imaginary', 'imaginary', 'imaginary', 'clb', 'alb'])
  return {
    seed,
    carrier,
    peaks: Array.from({ length: 7 }, () => chance.whole(1, 10)),
    faults: several(8, (nth) => troubleOf(chance, `fault-${nth}`, carrier)),
    kills: several(3, () => killOf(chance)).sort((a, b) => a.at - b.at),
    interruptions: several(2, moment).sort(),
    losses: several(2, moment).sort(),
    spot: chance.draw() < 0.5,
    warm: chance.draw() < 0.5 ? 0 : 3,
  }
}

function killOf(chance: Chance): Kill {
  return {
    at: chance.between(TROUBLE.fromAt, TROUBLE.toAt - MINUTE),
    boundaries: chance.whole(1, 40),
    restartMs: chance.between(100, 30_000),
    // The cloud refuses calls of a clock that is more than a quarter of an hour off.
    jumpMs: chance.draw() < 0.3 ? chance.between(-5 * MINUTE, 5 * MINUTE) : 0,
  }
}

function troubleOf(chance: Chance, id: string, carrier: Carrier): Trouble {
  const fromAt = chance.between(TROUBLE.fromAt, TROUBLE.toAt - MINUTE)
  const untilAt = Math.min(TROUBLE.toAt, fromAt + chance.between(20_000, 4 * MINUTE))
  const share = chance.oneOf([0.3, 0.6, 1])
  const zone = chance.draw() < 0.7 ? { zone: chance.oneOf(ZONES) } : {}
  const operation =
    chance.draw() < 0.5 ? { operation: chance.oneOf([...OF_ECS, ...OF_CARRIER[carrier]]) } : {}
  const fault = chance.oneOf<FaultRule['fault']>([
    { kind: 'latency', ms: chance.between(100, 20_000) },
    { kind: 'throttled' },
    { kind: 'html', status: 502 },
    { kind: 'empty', status: 503 },
    { kind: 'lost-answer' },
    { kind: 'lost-answer' },
    { kind: 'no-stock', ...zone },
    { kind: 'dies' },
    { kind: 'job-fails' },
    { kind: 'zone-down', zone: chance.oneOf(ZONES) },
  ])
  return { fromAt, rule: { id, fault, share, untilAt, ...operation } }
}
const OF_ECS = [
  'ecs RunInstances',
  'ecs RunInstances',
  'ecs DescribeInstances',
  'ecs DeleteInstances',
  'ecs ModifyInstanceAutoReleaseTime',
  'ecs StopInstances',
  'ecs StartInstances',
  'ecs TagResources',
]
const OF_CARRIER: Readonly<Record<Carrier, readonly string[]>> = {
  imaginary: [],
  clb: [
    'slb AddVServerGroupBackendServers',
    'slb RemoveVServerGroupBackendServers',
    'slb SetVServerGroupAttribute',
    'slb DescribeVServerGroupAttribute',
    'slb DescribeHealthStatus',
  ],
  alb: [
    'alb AddServersToServerGroup',
    'alb RemoveServersFromServerGroup',
    'alb UpdateServerGroupServersAttribute',
    'alb ListServerGroupServers',
    'alb ListAsynJobs',
    'alb GetListenerHealthStatus',
  ],
}
