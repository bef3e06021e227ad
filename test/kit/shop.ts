import type { Balancer, BalancerStatus, ListenerSpec, PoolSpec } from '../../src/core/balancer.ts'
import type { Examination, Finding } from '../../src/core/finding.ts'
import type { Probe } from '../../src/core/health.ts'
import type { Host } from '../../src/core/time.ts'
import { type ClbConfig, parseClb } from '../../src/drivers/alicloud/clb/config.ts'
import { openClb } from '../../src/drivers/alicloud/clb/open.ts'
import { removeClb } from '../../src/drivers/alicloud/clb/remove.ts'
import type { Transport } from '../../src/drivers/alicloud/client/transport.ts'
import { withInstance } from '../../src/sandbox/ecs/instances.ts'
import { Cloud, REGION } from './cloud.ts'
import { aListener } from './gateway.ts'

let drawn = 0

type Opened = { readonly balancer: Balancer } & AsyncDisposable

/** By the id of an instance, or with one that is ordered. */
export function configOf(
  loadBalancer: string | Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): ClbConfig {
  const key = typeof loadBalancer === 'string' ? 'load-balancer' : 'create'
  const parsed = parseClb({ region: REGION, [key]: loadBalancer, ...more })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

export function listener(pool: string, port: number, over: Partial<ListenerSpec> = {}): ListenerSpec {
  return { ...aListener(pool, pool, port), bind: { host: '', port }, ...over }
}

/** As the cloud can check it. */
export function checked(pool: PoolSpec): PoolSpec {
  return {
    ...pool,
    algorithm: 'round-robin',
    health: { ...pool.health, intervalMs: 1000, unhealthy: 2, healthy: 2 },
  }
}

/** A cloud on virtual time, in which there is something to balance. */
export class Market {
  readonly cloud = new Cloud()
  readonly warnings: string[] = []
  readonly #open: (() => Promise<void>)[] = []

  /** A balancer whose calls let time go on until they are done. */
  protected opened(
    open: (about: { readonly name: string; readonly probe: Probe }, host: Host) => Opened,
    name = 'shop',
  ): Balancer {
    const { cloud } = this
    const opened = open({ name, probe: this.#probe }, this.host())
    this.#open.push(async () => await opened[Symbol.asyncDispose]())
    const { balancer } = opened
    return {
      status: (signal) => cloud.until(balancer.status(signal)),
      configure: (spec, signal) => cloud.until(balancer.configure(spec, signal)),
      members: (pool, signal) => cloud.until(balancer.members(pool, signal)),
      put: (pool, members, signal) => cloud.until(balancer.put(pool, members, signal)),
      drop: (pool, ids, signal) => cloud.until(balancer.drop(pool, ids, signal)),
    }
  }

  /** What it says once the look is over that asking has begun. */
  async looked(balancer: Balancer): Promise<BalancerStatus> {
    const { signal } = new AbortController()
    await balancer.status(signal)
    await this.cloud.advance(1000)
    return await balancer.status(signal)
  }

  /** From the controller's own machine. */
  readonly #probe: Probe = async (address) => {
    const ok = this.cloud.world.health.get(address) ?? true
    return { ok, ms: 1, detail: ok ? '200' : 'no answer' }
  }

  protected host(): Host {
    const log = { info() {}, warn: (text: string) => void this.warnings.push(text), error() {} }
    const rng = () => (++drawn % 9973) / 9973
    return { clock: this.cloud.clock, rng, log, installation: 'demo', stateDir: '/nowhere' }
  }

  /** What a doctor finds. */
  async examined(
    look: (host: Host, transport: Transport) => Promise<Examination>,
  ): Promise<readonly Finding[]> {
    await using examination = await this.cloud.until(look(this.host(), this.cloud.transport))
    return examination.findings
  }

  /** The id of one that runs at an address of its own. */
  anInstance(ip: string): string {
    const { instances } = this.cloud.world.ecs
    if (instances.size === 0)
      this.cloud.ask('ecs', 'RunInstances', {
        ImageId: 'sandbox-image',
        InstanceType: 'ecs.g7.large',
        SecurityGroupId: 'sg-sandbox',
        VSwitchId: 'vsw-sandbox-h',
      })
    const [like] = this.cloud.world.ecs.instances.values()
    const id = `i-${ip.replaceAll('.', 'x')}`
    this.cloud.world = withInstance(this.cloud.world, { ...like!, id, ip, status: 'Running', listedAt: 0 })
    return id
  }

  /** Whether its server answers checks. */
  answers(address: string, does: boolean): void {
    const { world } = this.cloud
    this.cloud.world = { ...world, health: new Map(world.health).set(address, does) }
  }

  async close(): Promise<void> {
    for (const close of this.#open.splice(0)) await this.cloud.until(close())
  }
}

/** With one CLB instance. */
export class Shop extends Market {
  readonly id: string

  constructor() {
    super()
    this.id = this.cloud.ask('slb', 'CreateLoadBalancer', { LoadBalancerSpec: 'slb.s2.small' }).LoadBalancerId
  }

  /** As a controller opens it: another one remembers nothing of this. */
  balancer(config: ClbConfig = configOf(this.id), name = 'shop'): Balancer {
    return this.opened((about, host) => openClb(config, about, host, this.cloud.transport), name)
  }

  /** As `tidegate down --balancers` does it. */
  remove(config: ClbConfig): Promise<string | null> {
    const about = { name: 'shop', signal: new AbortController().signal }
    return this.cloud.until(removeClb(config, about, this.host(), this.cloud.transport))
  }
}
