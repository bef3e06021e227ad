import type { FleetPorts } from '../../src/controller/ports.ts'
import type { Millis } from '../../src/core/time.ts'
import { control } from '../../src/sandbox/control/control.ts'
import { released } from '../../src/sandbox/ecs/instances.ts'
import { sampleWorld } from '../../src/sandbox/sample.ts'
import { AlbCloud } from '../kit/alb-cloud.ts'
import { START } from '../kit/cloud.ts'
import { aClb, cloudWorld } from '../kit/cloud-world.ts'
import { CrashGate } from '../kit/crash.ts'
import type { World } from '../kit/world.ts'
import type { Kill, Story } from './alicloud-story.ts'
import { Watch } from './alicloud-watch.ts'

const MINUTE = 60_000
const NEVER = new AbortController().signal
const RELEASE_MS = 60 * MINUTE
const LOOK_MS = 1_000
const LENGTH_MS = 13 * MINUTE
const NO_HISTORY: FleetPorts['history'] = {
  append: () => {},
  read: async (query) => ({ ...query, stepMs: 5 * MINUTE, points: [] }),
}
const PER_SERVER = 8
/** Servers that the load of the quiet time needs. */
const LAST_PEAK = 4
const LAUNCH = {
  ImageId: 'sandbox-image',
  InstanceType: 'ecs.g7.large',
  VSwitchId: 'vsw-sandbox-h',
  SecurityGroupId: 'sg-sandbox',
}
/** Servers of other people: without tags, and of another Tidegate. */
const FOREIGN = [{}, { 'tidegate:installation': 'other', 'tidegate:fleet': 'api' }]

/** One story as it is lived: a fleet and its controllers, one after the other, in a cloud where other people have servers too. */
export class Run {
  readonly cloud: AlbCloud
  readonly #story: Story
  #world: World | null = null
  #watch: Watch | null = null
  #gate: CrashGate | null = null
  #kill: Kill | null = null

  constructor(story: Story) {
    this.#story = story
    this.cloud = new AlbCloud({ ...sampleWorld(), seed: story.seed })
  }

  get world(): World {
    return this.#world!
  }

  get watch(): Watch {
    return this.#watch!
  }

  /** The story, and a quiet time after it. */
  async live(): Promise<void> {
    for (const tags of FOREIGN) {
      const Tag = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
      this.cloud.ask('ecs', 'RunInstances', { ...LAUNCH, Tag })
    }
    const { warm, spot, carrier } = this.#story
    const clb = carrier === 'clb' ? await aClb(this.cloud) : null
    const alb = carrier === 'alb' ? await this.cloud.balancer() : null
    await this.cloud.advance(MINUTE - (this.cloud.now() - START))
    this.#world = cloudWorld(this.cloud, {
      fleet: { min: 2, max: 10, drainMs: 20_000, guards: { inPatienceMs: 20_000 } },
      driver: { warm, ...(spot && { spot: { base: 1 } }) },
      tickMs: 5_000,
      wrap: (ports) => this.#gate!.wrap({ ...ports, history: NO_HISTORY }),
      transport: () => this.#gate!.transport(this.cloud.transport),
      ...(clb && { clb }),
      ...(alb !== null && { alb }),
    })
    this.#watch = new Watch(this.cloud, this.world, { warm, carrier })
    this.#start()
    await this.world.pass(LENGTH_MS, async () => {
      const now = this.cloud.now()
      const minute = Math.floor((now - START) / MINUTE)
      this.world.load = PER_SERVER * (this.#story.peaks[minute] ?? LAST_PEAK)
      this.#happen(now)
      await this.watch.look()
    })
    await this.#releaseStuck()
    this.world.kill()
  }

  /** What never got beyond `Pending` cannot be deleted, and releases itself. */
  async #releaseStuck(): Promise<void> {
    for (let left = RELEASE_MS; left > 0; left -= MINUTE) {
      if (this.watch.own().every(({ status }) => status !== 'Pending')) return
      await this.world.pass(MINUTE, () => this.watch.look())
    }
  }

  #start(): void {
    this.#gate = new CrashGate(Number.POSITIVE_INFINITY, () => this.#die())
    this.world.start()
  }

  /** What the story has for this moment. */
  #happen(now: Millis): void {
    const { world } = this.cloud
    const begun = this.#due(this.#story.faults, ({ fromAt }) => fromAt, now).map(({ rule }) => rule)
    if (begun.length > 0) this.cloud.world = { ...world, faults: [...world.faults, ...begun] }
    for (const _ of this.#due(this.#story.interruptions, (at) => at, now)) this.#interrupt()
    for (const _ of this.#due(this.#story.losses, (at) => at, now)) this.#lose(now)
    const [kill] = this.#due(this.#story.kills, ({ at }) => at, now)
    if (kill !== undefined) {
      this.#kill = kill
      this.#gate!.crashIn(kill.boundaries)
    }
  }

  /** Those whose time came since the last look. */
  #due<T>(all: readonly T[], atOf: (one: T) => Millis, now: Millis): readonly T[] {
    return all.filter((one) => atOf(one) > now - LOOK_MS && atOf(one) <= now)
  }

  #interrupt(): void {
    const spot = this.watch.own().find((one) => one.spot !== 'NoSpot' && one.recycledAt === null)
    if (spot === undefined) return
    const request = {
      method: 'POST',
      target: '/sandbox/interrupt',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ instance: spot.id }),
    }
    this.cloud.world = control(this.cloud.world, request, this.cloud.clock.now()).world
  }

  #lose(now: Millis): void {
    const [lost] = this.watch.own()
    if (lost !== undefined) this.cloud.world = released(this.cloud.world, lost, now, 'SystemFailure.Delete')
  }

  #die(): void {
    const { restartMs, jumpMs } = this.#kill!
    this.world.kill()
    void this.cloud.clock.sleep(restartMs, NEVER).then(() => {
      this.cloud.clock.jump(jumpMs)
      this.cloud.world = { ...this.cloud.world, skewMs: this.cloud.world.skewMs - jumpMs }
      this.#start()
    })
  }
}
