import type { Member, MemberSpec, MemberState, PoolSpec } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import type { Probe } from '../../../core/health.ts'
import type { Host, Millis } from '../../../core/time.ts'
import { addInHalves } from './add-in-halves.ts'
import { addressOf, type Backend, cloudWeight, keyOf, ownedBy, type Place } from './backend.ts'
import { faultIn } from './fault-in.ts'
import type { Group } from './group.ts'
import { isNothing, isUnfinished, type Manner, planGroup, type Wanted } from './plan.ts'
import { unlessGone } from './unless-gone.ts'

/** How long what was read is good: briefly while something changes, and longer while nothing does, for the cloud counts calls. */
const CHANGING_MS = 5_000
const STEADY_MS = 30_000

interface Seen {
  readonly backends: readonly Backend[]
  readonly at: Millis
}

/** Keeps one group as it is wanted: admits new members, lets their weights grow, and leaves what others have put there alone. One change
 *  comes after the other. What is wanted is known only from `put` and `hold`; of a group that it finds, it wants what is there. */
export class GroupKeeper {
  readonly #group: Group
  readonly #probe: Probe
  readonly #host: Pick<Host, 'clock' | 'log' | 'installation'>
  readonly #closed = new AbortController()
  readonly #wanted = new Map<string, Wanted>()
  /** Since when each is in its state. */
  readonly #states = new Map<string, { readonly state: MemberState; readonly at: Millis }>()
  #pool: Pick<PoolSpec, 'name' | 'slowStartMs' | 'health'>
  #seen: Seen | null = null
  #reading: Promise<Seen> | null = null
  /** So many changes have been made: what was read meanwhile may be of before. */
  #changes = 0
  #isKnown = false
  /** Those of the same group for other pools, while one of them takes it over: none takes away whom another wants. */
  readonly #beside = new Set<GroupKeeper>()
  /** Shared with those. */
  #turns: { last: Promise<unknown> } = { last: Promise.resolve() }
  #tending: Promise<void> | null = null

  constructor(
    group: Group,
    pool: Pick<PoolSpec, 'name' | 'slowStartMs' | 'health'>,
    probe: Probe,
    host: Pick<Host, 'clock' | 'log' | 'installation'>,
  ) {
    this.#group = group
    this.#pool = pool
    this.#probe = probe
    this.#host = host
  }

  async members(signal: AbortSignal): Promise<readonly Member[]> {
    const { clock, installation } = this.#host
    const age = this.#seen === null ? Number.POSITIVE_INFINITY : clock.now() - this.#seen.at
    const good = age < (this.#isUnfinished ? CHANGING_MS : STEADY_MS)
    const { backends } = good ? this.#seen! : await unlessGone(this.#read(), signal)
    const heaviest = Math.max(0, ...[...this.#wanted.values()].map(({ spec }) => spec.weight))
    const members = backends.flatMap((backend): Member[] => {
      const owned = ownedBy(installation, backend.mark)
      const wanted = owned && this.#wanted.get(owned.id)
      // Somebody else's: shown, and nobody's to change.
      if (!owned) return [this.#member(backend, { id: keyOf(backend), fixed: true, weight: backend.weight })]
      // On its way out.
      if (!wanted || keyOf(wanted.place) !== keyOf(backend)) return []
      return [
        this.#member(backend, { id: owned.id, fixed: owned.fixed, weight: wanted.spec.weight, heaviest }),
      ]
    })
    const ids = new Set(members.map(({ id }) => id))
    for (const id of this.#states.keys()) if (!ids.has(id)) this.#states.delete(id)
    return members
  }

  /** Whoever is refused keeps no other from its change. Throws Fault, `balancer.foreign-member` among them. */
  async put(members: readonly MemberSpec[], signal: AbortSignal): Promise<void> {
    await this.#inTurn(async () => {
      await this.#know()
      const refused = await this.#wantAll(members, ({ id }) => this.#wanted.get(id)?.fixed ?? false)
      return (await this.#apply()) ?? refused
    }, signal)
  }

  async drop(ids: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#inTurn(async () => {
      await this.#know()
      for (const id of ids) this.#wanted.delete(id)
      return await this.#apply()
    }, signal)
  }

  /** Of the members that the file names there are just these; their weights are what `put` makes them, and at first the file's. */
  async hold(pool: PoolSpec, signal: AbortSignal): Promise<void> {
    const { servers } = pool
    this.#pool = pool
    await this.#inTurn(async () => {
      await this.#know()
      const named = new Set(servers.map(({ id }) => id))
      for (const [id, { fixed }] of this.#wanted) if (fixed && !named.has(id)) this.#wanted.delete(id)
      const missing = servers.filter(({ id }) => !this.#wanted.has(id))
      const refused = await this.#wantAll(missing, () => true)
      return (await this.#apply()) ?? refused
    }, signal)
  }

  /** Comes to a group that another pool still has. To be called before anything else. Throws Fault. */
  async standBeside(other: GroupKeeper, signal: AbortSignal): Promise<void> {
    // Whom it wants must be known before anybody is taken away.
    await other.#inTurn(async () => {
      await other.#know()
      return null
    }, signal)
    this.#turns = other.#turns
    this.#beside.add(other)
    other.#beside.add(this)
  }

  /** Of those that have joined there are just those of the pool's former group, with all that has been asked of it until now. */
  async takeOver(former: GroupKeeper, signal: AbortSignal): Promise<void> {
    const asked = former.#turns.last
    await this.#inTurn(async () => {
      await asked
      await this.#know()
      const { joined } = former
      const ids = new Set(joined.map(({ id }) => id))
      for (const [id, { fixed }] of this.#wanted) if (!fixed && !ids.has(id)) this.#wanted.delete(id)
      const refused = await this.#wantAll(joined, ({ id }) => this.#wanted.get(id)?.fixed ?? false)
      return (await this.#apply()) ?? refused
    }, signal)
  }

  /** Nobody of ours is to be there any more, but for those whom others beside want. */
  async empty(signal: AbortSignal): Promise<void> {
    await this.#inTurn(async () => {
      await this.#know()
      this.#wanted.clear()
      return await this.#apply()
    }, signal)
  }

  /** The group stays as it is. */
  async close(): Promise<void> {
    this.#closed.abort()
    await Promise.allSettled([this.#turns.last, this.#tending])
    for (const other of this.#beside) other.#beside.delete(this)
  }

  /** Whom others than the file want here. */
  get joined(): readonly MemberSpec[] {
    return [...this.#wanted.values()].filter(({ fixed }) => !fixed).map(({ spec }) => spec)
  }

  get #manner(): Manner {
    const slowStartMs = this.#group.startsSlowly ? 0 : this.#pool.slowStartMs
    return { installation: this.#host.installation, slowStartMs }
  }

  /** One change after the other; it gives what of it has failed. A caller who goes away does not end what has begun. */
  async #inTurn(change: () => Promise<Fault | null>, signal: AbortSignal): Promise<void> {
    // Whoever has been added grows, whatever else has failed and whether or not the caller is still there.
    const mine = this.#turns.last
      .then(change)
      .then((failed) => {
        if (failed) throw failed
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#tend())
    this.#turns.last = mine.catch(() => {})
    await unlessGone(mine, signal)
  }

  /** What is cut off by closing is no defect. */
  #fail(error: unknown): never {
    if (!this.#closed.signal.aborted || error instanceof Fault) throw error
    const about = { source: 'internal', retry: 'yes', cause: error } as const
    throw new Fault(
      'balancer.unreachable',
      `pool ${this.#pool.name}: its balancer is being opened anew`,
      about,
    )
  }

  /** Whoever asks while it is read waits for that. */
  #read(): Promise<Seen> {
    if (this.#reading !== null) return this.#reading
    const reading = this.#readNow()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        if (this.#reading === reading) this.#reading = null
      })
    this.#reading = reading
    return reading
  }

  async #readNow(): Promise<Seen> {
    const at = this.#host.clock.now()
    const changes = this.#changes
    const backends = await this.#group.read(this.#closed.signal)
    const seen = { backends, at }
    if (changes !== this.#changes) return seen
    this.#adopt(backends)
    for (const backend of backends) this.#admit(backend)
    this.#seen = seen
    return seen
  }

  /** What is known, and what is being read, is of before. */
  #changed(): void {
    this.#changes++
    this.#seen = null
    this.#reading = null
  }

  /** What a former controller has put there is wanted as it is, until somebody wants it otherwise. */
  #adopt(backends: readonly Backend[]): void {
    if (this.#isKnown) return
    this.#isKnown = true
    for (const backend of backends) {
      const owned = ownedBy(this.#host.installation, backend.mark)
      if (!owned || this.#wanted.has(owned.id) || this.#wantedBeside(backend) !== undefined) continue
      const spec = { id: owned.id, address: addressOf(backend), weight: backend.weight }
      // One of the least weight may never have passed a check.
      const admittedAt = backend.weight > 1 ? 0 : null
      this.#wanted.set(owned.id, { spec, fixed: owned.fixed, place: backend, admittedAt })
    }
  }

  #admit(backend: Backend): void {
    const owned = ownedBy(this.#host.installation, backend.mark)
    const wanted = owned && this.#wanted.get(owned.id)
    if (!wanted || wanted.admittedAt !== null || backend.health !== 'normal' || backend.weight === 0) return
    if (keyOf(wanted.place) === keyOf(backend))
      this.#wanted.set(wanted.spec.id, { ...wanted, admittedAt: this.#host.clock.now() })
  }

  async #know(): Promise<void> {
    if (!this.#isKnown) await this.#read()
  }

  /** Gives the first fault there was. */
  async #wantAll(
    specs: readonly MemberSpec[],
    isFixed: (spec: MemberSpec) => boolean,
  ): Promise<Fault | null> {
    const faults = await Promise.all(specs.map((spec) => faultIn(this.#want(spec, isFixed(spec)))))
    return faults.find((fault) => fault !== null) ?? null
  }

  async #want(spec: MemberSpec, fixed: boolean): Promise<void> {
    const former = this.#wanted.get(spec.id)
    if (former?.spec.address === spec.address) {
      const isBack = former.spec.weight === 0 && spec.weight > 0
      const admittedAt = !isBack || (await this.#passes(spec)) ? former.admittedAt : null
      this.#wanted.set(spec.id, { ...former, spec, fixed, admittedAt })
      return
    }
    const place = await this.#group.place(spec, this.#closed.signal)
    // What a former controller has put there may be known by another spelling of its address.
    const isSame = former !== undefined && keyOf(former.place) === keyOf(place)
    const there = isSame ? former : this.#wantedBeside(place)
    this.#wanted.set(spec.id, { spec, fixed, place, admittedAt: there?.admittedAt ?? null })
  }

  #wantedBeside(place: Place): Wanted | undefined {
    const all = [...this.#beside].flatMap((other) => [...other.#wanted.values()])
    return all.find((one) => keyOf(one.place) === keyOf(place))
  }

  /** The cloud says nothing of one of weight 0. Whoever cannot be reached from here begins anew, at the least weight. */
  async #passes({ address }: MemberSpec): Promise<boolean> {
    return (await this.#probe(address, this.#pool.health, this.#closed.signal)).ok
  }

  /** Reads the group and makes of it what is wanted. What fails keeps back nothing else; gives the first fault there was. */
  async #apply(): Promise<Fault | null> {
    const { signal } = this.#closed
    const { backends } = await this.#readNow()
    const foreign = this.#meetForeign(backends)
    const changes = planGroup(backends, [...this.#wanted.values()], this.#manner, this.#host.clock.now())
    const { add, weigh } = changes
    const remove = changes.remove.filter((backend) => this.#wantedBeside(backend) === undefined)
    if (isNothing({ add, weigh, remove })) return foreign
    try {
      const added = add.length === 0 ? null : await this.#add(add)
      const weighed = weigh.length === 0 ? null : await faultIn(this.#group.weigh(weigh, signal))
      const removed = remove.length === 0 ? null : await faultIn(this.#group.remove(remove, signal))
      return foreign ?? added ?? weighed ?? removed
    } finally {
      this.#changed()
    }
  }

  /** Whom the cloud does not take is no longer wanted until it is put again: it must not keep others from their changes. */
  async #add(backends: readonly Backend[]): Promise<Fault | null> {
    const failed = await addInHalves(this.#group, backends, this.#closed.signal)
    if (failed === null) return null
    const there = new Set((await this.#readNow()).backends.map(keyOf))
    for (const [id, { place }] of this.#wanted) if (!there.has(keyOf(place))) this.#wanted.delete(id)
    return failed
  }

  /** What stands where one of ours should be, and is somebody else's, is taken over only where the file says so: as it serves, it goes
   *  on. Gives the first fault there was. */
  #meetForeign(backends: readonly Backend[]): Fault | null {
    const { installation } = this.#host
    let failed: Fault | null = null
    for (const [id, wanted] of this.#wanted) {
      const { place } = wanted
      const there = backends.find((backend) => keyOf(backend) === keyOf(place))
      if (!there || ownedBy(installation, there.mark) !== null) continue
      if (this.#group.adopts) {
        this.#wanted.set(id, { ...wanted, admittedAt: there.weight > 0 ? 0 : null })
        continue
      }
      this.#wanted.delete(id)
      failed ??= new Fault(
        'balancer.foreign-member',
        `pool ${this.#pool.name}: ${keyOf(place)} of ${this.#group.id} is a member that Tidegate has not added (${there.mark || 'without a description'}); remove it there, and it is added anew; with adopt: true of the balancer it is taken over`,
        { source: 'user', retry: 'no' },
      )
    }
    return failed
  }

  /** Goes on until every member has passed a check and has its full weight. */
  #tend(): void {
    if (this.#tending === null && this.#isUnfinished) this.#tending = this.#tendOn()
  }

  get #isUnfinished(): boolean {
    return isUnfinished([...this.#wanted.values()], this.#manner, this.#host.clock.now())
  }

  async #tendOn(): Promise<void> {
    const { clock, log } = this.#host
    try {
      while (this.#isUnfinished) {
        await clock.sleep(CHANGING_MS, this.#closed.signal).catch(() => {})
        if (this.#closed.signal.aborted) return
        await this.#inTurn(() => this.#apply(), this.#closed.signal).catch((error: unknown) => {
          if (!(error instanceof Fault)) throw error
          log.warn(`pool ${this.#pool.name}: ${error.message}`, { code: error.code })
        })
      }
    } finally {
      // In the same breath as the last look: whoever comes next begins anew.
      this.#tending = null
    }
  }

  #member(
    backend: Backend,
    about: {
      readonly id: string
      readonly fixed: boolean
      readonly weight: number
      readonly heaviest?: number
    },
  ): Member {
    const { id, weight, heaviest = 0 } = about
    const state = this.#stateOf(backend, id)
    const full = cloudWeight({ weight }, heaviest)
    const share = state === 'healthy' && full > 0 ? backend.weight / full : 0
    return {
      id,
      address: this.#wanted.get(id)?.spec.address ?? addressOf(backend),
      weight,
      state,
      effectiveWeight: weight * Math.min(1, share),
      inFlight: null,
      connections: null,
      sinceAt: this.#states.get(id)!.at,
      fixed: about.fixed,
      rps: null,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      probes: [],
    }
  }

  #stateOf({ weight, health }: Backend, id: string): MemberState {
    const admittedAt = this.#wanted.get(id)?.admittedAt
    const bad: MemberState = admittedAt === null ? 'checking' : 'unhealthy'
    const state = weight === 0 ? 'draining' : health === 'normal' ? 'healthy' : bad
    if (this.#states.get(id)?.state !== state) this.#states.set(id, { state, at: this.#host.clock.now() })
    return state
  }
}
