import { beforeEach, describe, expect, test } from 'vitest'
import type { MetricSource, Reading } from '../../src/core/metrics.ts'
import type { Host } from '../../src/core/time.ts'
import { parseMetric, parseSource } from '../../src/drivers/alicloud/cloudmonitor/config.ts'
import { examineCloudMonitor } from '../../src/drivers/alicloud/cloudmonitor/examine.ts'
import { openCloudMonitor } from '../../src/drivers/alicloud/cloudmonitor/open.ts'
import { measured } from '../../src/sandbox/cms/measured.ts'
import type { FaultRule } from '../../src/sandbox/fault-rule.ts'
import { SAMPLE_KEY } from '../../src/sandbox/sample.ts'
import { untranslated } from '../kit/chinese.ts'
import { Cloud, REGION } from '../kit/cloud.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { SILENT } from '../kit/gateway.ts'
import { metricSourceContract } from './metric-source.ts'

const never = new AbortController().signal
const { account } = SAMPLE_KEY
const CPU = { metric: 'cpu_total', period: '15s' }
const MINUTE = 60_000

beforeEach(sandboxKeys)

function good<T>(parsed: { ok: true; config: T } | { ok: false; problems: unknown }): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

/** Never the same twice: it makes the nonces of calls. */
let drawn = 0
const rng = () => (++drawn % 9973) / 9973

function hostOf({ clock }: Cloud): Host {
  return { clock, rng, log: SILENT, installation: 'demo', stateDir: '/nowhere' }
}

/** A cloud, what is measured in it, and a source that reads it. */
class Monitored {
  readonly cloud = new Cloud()
  readonly warnings: string[] = []
  readonly opened: ReturnType<typeof openCloudMonitor>
  /** By instance; in percent. */
  values: Readonly<Record<string, number>> = {}

  constructor(metric: Record<string, unknown> = CPU, source: Record<string, unknown> = {}) {
    const config = good(parseSource({ region: REGION, every: '15s', ...source }))
    const log = { ...SILENT, warn: (message: string) => void this.warnings.push(message) }
    const host = { ...hostOf(this.cloud), log }
    this.opened = openCloudMonitor(config, { mine: good(parseMetric(metric)) }, host, this.cloud.transport)
  }

  get source(): MetricSource {
    const { metrics } = this.opened
    return { read: (...asked) => this.cloud.until(metrics.read(...asked)) }
  }

  record(
    namespace: string,
    metric: string,
    all: readonly (readonly [Record<string, string>, number])[],
  ): void {
    const measurements = all.map(([dimensions, value]) => ({ account, namespace, metric, dimensions, value }))
    this.cloud.world = measured(this.cloud.world, measurements, this.cloud.clock.now())
  }

  /** Time goes on, in which the servers are measured. */
  async pass(ms = 5_000): Promise<void> {
    for (let left = ms; left > 0; left -= 5_000) {
      const all = Object.entries(this.values).map(([instanceId, value]) => [{ instanceId }, value] as const)
      this.record('acs_ecs_dashboard', 'cpu_total', all)
      await this.cloud.advance(5_000)
    }
  }

  async read(servers: readonly string[] = Object.keys(this.values), fleet = 'api'): Promise<Reading> {
    const query = { metric: 'mine', fleet, pools: [fleet], servers }
    const [reading] = await this.source.read([query], 5_000, never)
    const said = reading!.ok ? '' : reading!.detail!
    // The cloud's own words stay as they are.
    if (!said.includes('cannot be asked')) expect(untranslated([said])).toEqual([])
    return reading!
  }

  calls(): number {
    return this.cloud.calls.filter((action) => action === 'DescribeMetricLast').length
  }

  trouble(fault: FaultRule['fault'], forMs: number): void {
    const rule = { id: 'f', fault, share: 1, untilAt: this.cloud.clock.now() + forMs }
    this.cloud.world = { ...this.cloud.world, faults: [rule] }
  }
}

const numbered = (count: number, value: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, nth) => [`i-${nth}`, value]))
const isNot = (why: string, detail: string) => ({ ok: false, why, detail: expect.stringContaining(detail) })

metricSourceContract('cloudmonitor in the sandbox', async () => {
  const monitored = new Monitored()
  monitored.values = { 'i-1': 40 }
  return {
    source: monitored.source,
    query: { metric: 'mine', fleet: 'api', pools: ['api'], servers: ['i-1'] },
    now: () => monitored.cloud.clock.now(),
    pass: () => monitored.pass(),
    async lose() {
      monitored.values = {}
    },
    async close() {
      await monitored.opened[Symbol.asyncDispose]()
    },
  }
})

describe('a metric of servers', () => {
  test('is the mean of the newest points of those that serve, as a ratio', async () => {
    const monitored = new Monitored()
    monitored.values = { 'i-1': 20, 'i-2': 60, 'i-3': 99 }
    await monitored.pass(2 * MINUTE)
    const reading = await monitored.read(['i-1', 'i-2'])
    expect(reading).toMatchObject({ ok: true, sample: { value: 0.4 } })
    // A period has ended and its point is out, half a minute later in the sandbox.
    const ageMs = reading.ok ? monitored.cloud.clock.now() - reading.sample.at : 0
    expect(ageMs).toBeGreaterThanOrEqual(30_000)
    expect(ageMs).toBeLessThan(MINUTE)
  })

  test('of a dead server does not count, whose last point stays', async () => {
    const monitored = new Monitored()
    monitored.values = { 'i-1': 20, 'i-2': 60 }
    await monitored.pass(2 * MINUTE)
    monitored.values = { 'i-1': 30 }
    await monitored.pass(2 * MINUTE)
    expect(await monitored.read(['i-1', 'i-2'])).toMatchObject({ ok: true, sample: { value: 0.3 } })
  })

  test('grows old with its last points, and is no number without any', async () => {
    const monitored = new Monitored()
    monitored.values = { 'i-1': 20 }
    await monitored.pass(2 * MINUTE)
    expect(await monitored.read()).toMatchObject({ ok: true })
    monitored.values = {}
    await monitored.pass(10 * MINUTE)
    await monitored.read(['i-1'])
    await monitored.pass(MINUTE)
    const old = await monitored.read(['i-1'])
    expect(old.ok && old.sample.at).toBeLessThan(monitored.cloud.clock.now() - 10 * MINUTE)
    await monitored.pass(20 * MINUTE)
    await monitored.read(['i-1'])
    await monitored.pass(MINUTE)
    expect(await monitored.read(['i-1'])).toMatchObject(isNot('no-data', 'has no cpu_total of it'))
  })

  test('needs half of its servers', async () => {
    const monitored = new Monitored({ ...CPU, across: 'sum', scale: 1 })
    monitored.values = { 'i-1': 20, 'i-2': 60 }
    await monitored.pass(2 * MINUTE)
    expect(await monitored.read(['i-1', 'i-2', 'i-3', 'i-4'])).toMatchObject({ sample: { value: 160 } })
    expect(await monitored.read(['i-1', 'i-2', 'i-3', 'i-4', 'i-5'])).toMatchObject(
      isNot('no-data', '2 of 5 servers are measured'),
    )
  })

  test('is asked for fifty servers a call, and for all fleets together', async () => {
    const monitored = new Monitored()
    monitored.values = numbered(120, 50)
    await monitored.pass(2 * MINUTE)
    const ids = Object.keys(monitored.values)
    const fleets = [ids.slice(0, 60), ids.slice(60)]
    const both = await Promise.all(fleets.map((servers, nth) => monitored.read(servers, `fleet-${nth}`)))
    expect(both).toMatchObject([{ sample: { value: 0.5 } }, { sample: { value: 0.5 } }])
    expect(monitored.calls()).toBe(3)
    await monitored.read(ids)
    expect(monitored.calls()).toBe(3)
  })

  test('of servers that came after the last round is not there yet, and of other drivers never', async () => {
    const monitored = new Monitored()
    monitored.values = { 'i-1': 20, 'i-2': 60 }
    await monitored.pass(2 * MINUTE)
    await monitored.read(['i-1'])
    expect(await monitored.read(['i-2'])).toMatchObject(isNot('no-data', 'not been asked for yet'))
    expect(await monitored.read(['local-1'])).toMatchObject(
      isNot('no-data', 'no serving server is an ECS instance'),
    )
  })
})

describe('a metric of a balancer', () => {
  const QPS = { namespace: 'acs_alb', metric: 'LoadBalancerQPS', dimensions: { loadBalancerId: 'alb-1' } }

  test('is one series, or several put together', async () => {
    const monitored = new Monitored(QPS)
    const two = [
      [{ loadBalancerId: 'alb-1', listenerId: 'a' }, 30],
      [{ loadBalancerId: 'alb-1', listenerId: 'b' }, 50],
      [{ loadBalancerId: 'alb-2', listenerId: 'c' }, 1000],
    ] as const
    monitored.record('acs_alb', 'LoadBalancerQPS', two)
    await monitored.pass(2 * MINUTE)
    expect(await monitored.read([])).toMatchObject(isNot('no-data', '2 series, expected one'))
    for (const [more, value] of [
      [{ across: 'sum' }, 80],
      [{ across: 'max' }, 50],
      [{ across: 'min', scale: 10 }, 300],
      [{ dimensions: { ...QPS.dimensions, listenerId: 'a' } }, 30],
    ] as const) {
      const other = new Monitored({ ...QPS, ...more })
      other.record('acs_alb', 'LoadBalancerQPS', two)
      await other.pass(2 * MINUTE)
      expect(await other.read([]), JSON.stringify(more)).toMatchObject({ ok: true, sample: { value } })
    }
  })

  test('has the statistic that the product has, and no other', async () => {
    const monitored = new Monitored({ ...QPS, statistic: 'Maximum' })
    monitored.record('acs_alb', 'LoadBalancerQPS', [[{ loadBalancerId: 'alb-1' }, 30]])
    await monitored.pass(2 * MINUTE)
    expect(await monitored.read([])).toMatchObject(isNot('no-data', 'its points have Value and no Maximum'))
  })
})

describe('whoever looks whether it can work', () => {
  async function examined(metric: Record<string, unknown>, cloud = new Cloud()): Promise<readonly string[]> {
    const config = good(parseSource({ region: REGION }))
    const host = hostOf(cloud)
    const metrics = { 'ecs-cpu': good(parseMetric(metric)) }
    const looking = examineCloudMonitor(config, metrics, { host, signal: never }, cloud.transport)
    const { findings } = await cloud.until(looking)
    const told = findings.map(({ level, about, says, fix }) => [
      `${level} ${about}`,
      fix ? `${says}; ${fix}` : says,
    ])
    expect(
      untranslated(told.map(([, says]) => says!).filter((says) => !/:ram::|looked at/.test(says))),
    ).toEqual([])
    return told.map((words) => words.join(' '))
  }

  test('hears that the metrics are there and may be read', async () => {
    expect((await examined(CPU)).slice(2)).toEqual([
      'ok metrics ecs-cpu: cpu_total of acs_ecs_dashboard is there',
      'ok metrics points can be read',
    ])
  })

  test.each([
    [{ metric: 'CPUutilization' }, 'acs_ecs_dashboard has no metric CPUutilization; look it up'],
    [
      { metric: 'CPUUtilization', period: '15s' },
      'CPUUtilization is measured every 60, 300, 900, 3600 seconds, not every 15; write one',
    ],
    [
      { metric: 'cpu_total', dimensions: { instanceId: '$server', state: 'ALL' } },
      'cpu_total has the dimensions userId, instanceId, and no state; name dimensions that it has',
    ],
    [
      { metric: 'cpu_total', statistic: 'Sum' },
      'cpu_total has Minimum, Average, Maximum, and no Sum; write one of these as its statistic',
    ],
  ])('hears of %o what is wrong with it', async (metric, says) => {
    const problems = (await examined(metric)).filter((one) => one.startsWith('problem'))
    expect(problems[0]).toContain(`problem metrics ecs-cpu: ${says}`)
  })

  test('hears that points may not be read', async () => {
    const cloud = new Cloud()
    const rule = {
      id: 'f',
      share: 1,
      untilAt: cloud.clock.now() + MINUTE,
      operation: 'cms DescribeMetricLast',
    }
    cloud.world = { ...cloud.world, faults: [{ ...rule, fault: { kind: 'forbidden' } }] }
    expect((await examined(CPU, cloud)).at(-1)).toMatch(
      /^problem metrics cannot be looked at: Forbidden\.RAM: .*; these credentials need cms:\w+: see `tidegate alicloud policy`$/,
    )
  })
})

describe('what goes wrong', () => {
  test('a refusal is said with what the cloud says', async () => {
    const monitored = new Monitored({ metric: 'CPUUtilization', period: '15s' })
    expect(await monitored.read(['i-1'])).toMatchObject(isNot('no-data', '400: Illegal parameters. (Period)'))
  })

  test('one round that fails is not noticed, two are', async () => {
    const monitored = new Monitored()
    monitored.values = { 'i-1': 20 }
    await monitored.pass(2 * MINUTE)
    expect(await monitored.read()).toMatchObject({ ok: true })
    monitored.trouble({ kind: 'html', status: 502 }, MINUTE)
    await monitored.pass(15_000)
    expect(await monitored.read()).toMatchObject({ ok: true })
    await monitored.pass(25_000)
    await monitored.read()
    await monitored.pass(5_000)
    expect(await monitored.read()).toMatchObject(isNot('unreachable', 'HTTP.502'))
    await monitored.pass(MINUTE)
    await monitored.read()
    await monitored.pass(5_000)
    expect(await monitored.read()).toMatchObject({ ok: true })
  })

  test('when the free calls of the month are used up, it says so', async () => {
    const monitored = new Monitored()
    monitored.cloud.world = { ...monitored.cloud.world, cms: { ...monitored.cloud.world.cms, freeCalls: 0 } }
    expect(await monitored.read(['i-1'])).toMatchObject(
      isNot('no-data', 'the free calls of the month are used up'),
    )
  })

  test('calls that would not last the month are made less often, which is said once', async () => {
    const monitored = new Monitored(CPU, { calls: 89_280 })
    monitored.values = numbered(51, 50)
    await monitored.pass(2 * MINUTE)
    for (let round = 0; round < 24; round++) {
      await monitored.read()
      await monitored.pass(5_000)
    }
    // Two calls a round, one round a minute.
    expect(monitored.calls()).toBe(4)
    expect(monitored.warnings).toEqual([
      'CloudMonitor: 357120 calls a month would be used up after 7d18h of it, for there are 89280: each metric is asked every 1m instead of every 15s',
    ])
  })

  test('a source that is closed answers nobody any more', async () => {
    const monitored = new Monitored()
    const reading = monitored.opened.metrics.read(
      [{ metric: 'mine', fleet: 'api', pools: [], servers: ['i-1'] }],
      5_000,
      never,
    )
    await monitored.opened[Symbol.asyncDispose]()
    expect(await reading).toMatchObject([isNot('unreachable', 'closed')])
  })
})
