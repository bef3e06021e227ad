import type { FleetStatus, Plan, ServerStatus } from '../core/admin.ts'
import { NO_ALERTS } from '../core/alerts.ts'
import type { FormerSpend } from '../core/cost.ts'
import { Fault } from '../core/fault.ts'
import { type CustomMetrics, metricInfo, metricNamed } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Backoff, Decision, ServerView } from '../core/scaling.ts'
import { NO_TALLY } from '../core/shadow.ts'
import type { Millis } from '../core/time.ts'
import { decide } from '../scaling/decide.ts'
import { unwell } from '../scaling/lost.ts'
import { othersOf } from '../scaling/others/others.ts'
import { raised } from './alerts.ts'
import { costStatus, pricesIn } from './cost.ts'
import { measure } from './measure.ts'
import { plan } from './plan.ts'
import type { FleetPorts, FleetSettings } from './ports.ts'
import { replacementOf } from './replacing.ts'
import { notAfter } from './set-back.ts'
import { startupIn, startupOf } from './startup.ts'
import { FleetState, type Ticked } from './state.ts'
import { tick } from './tick.ts'
import { tuningStatus } from './tuning.ts'
import { isOpen } from './verdicts.ts'
import { verify } from './verify.ts'
import type { FleetView } from './view.ts'

/** While steps are open, the next look at the world comes sooner. */
const SOON_MS = 200

/** Turns the line for one fleet, and answers for what it saw last. */
export class FleetLoop {
  readonly #ports: FleetPorts
  #settings: FleetSettings
  #state: FleetState | null = null
  /** The fault that ended the last tick early; null when it came through. */
  #fault: string | null = 'it has not looked yet'

  constructor(settings: FleetSettings, ports: FleetPorts) {
    this.#settings = settings
    this.#ports = ports
  }

  get name(): string {
    return this.#settings.fleet.name
  }

  get spec(): FleetSpec {
    return this.#settings.fleet
  }

  /** With what is tuned in place. */
  get inForce(): FleetSpec {
    return this.#inForce.fleet
  }

  /** How long the next server is expected to take until it serves. */
  get usualStartupMs(): Millis {
    const { usualStartupMs, startupMs } = this.#settings.fleet
    return usualStartupMs ?? startupOf(this.#state?.memory.starts ?? [], startupMs)
  }

  /** What was spent in other currencies before. */
  get formerSpend(): readonly FormerSpend[] {
    return this.#state?.memory.spend?.former ?? []
  }

  /** Those that the file defines. */
  get metrics(): CustomMetrics {
    return this.#settings.fleet.metrics
  }

  /** What the last tick that came through saw, decided and planned; null before the first. */
  get last(): Ticked | null {
    return this.#state?.last ?? null
  }

  /** Ticks until the signal aborts. A Fault is an event; anything else ends the loop, and the controller with it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.tick(signal)
      await this.#ports.clock.sleep(this.#pauseMs(), signal).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    }
  }

  async tick(signal: AbortSignal): Promise<void> {
    try {
      const state = (this.#state ??= await this.#recall())
      state.settings = state.tuning.inForce(this.#settings, state.memory)
      const now = this.#ports.clock.now()
      state.tuning.look(state, this.#ports, { now, signal })
      await tick(state, this.#ports, signal)
      this.#fault = null
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Fault) || error.code === 'balancer.stale-epoch') throw error
      await this.#note(error)
    }
  }

  /** A reload: memory, open steps and flights stay. */
  replace(settings: FleetSettings): void {
    if (settings.fleet.name !== this.name) throw new Error(`${settings.fleet.name} is not ${this.name}`)
    this.#settings = settings
  }

  status(): FleetStatus {
    const { fleet } = this.#inForce
    const last = this.last
    const servers = last?.view.servers ?? []
    return {
      name: fleet.name,
      min: fleet.min,
      max: fleet.max,
      desired: last === null ? 0 : desiredIn(last.decision),
      actual: servers.filter(({ state }) => state !== 'retiring' && state !== 'failed').length,
      ready: servers.filter(({ state }) => state === 'serving').length - unwell(servers).length,
      servers: last === null ? [] : serversIn(last.view),
      reserve: last === null ? 0 : last.view.there - last.view.have,
      kept: last?.view.measured.kept.length ?? 0,
      exits: this.#state?.exits ?? [],
      readings: last?.view.readings ?? {},
      measuredBy: measuredBy(Object.keys(last?.view.readings ?? {}), fleet.metrics),
      metrics: fleet.metrics,
      orders: last?.view.orders ?? [],
      replacement: replacementOf(last?.view.replacing ?? null),
      windows: last?.view.calendar ?? [],
      open: (last?.view.verdicts ?? []).filter(isOpen).map(({ intent, state, detail }) => ({
        token: intent.token,
        step: intent.step,
        state,
        detail,
      })),
      blind: this.#fault ?? (last?.view.blind.join('; ') || null),
      lastTickAt: last?.view.now ?? 0,
      decision: last?.decision ?? null,
      cost: costStatus(last?.view ?? null, this.#state?.memory.spend ?? null),
      others: last ? othersOf(last.view, this.#state?.memory.others ?? {}) : [],
      shadow: this.#shadow(),
      alerts: raised(this.#state?.memory.alerts ?? NO_ALERTS),
      backoff: last ? pending(last.view) : null,
      learned: {
        capacity: this.#state?.learner.capacity ?? null,
        startup: startupIn(this.#state?.memory.starts ?? []),
        fixed: { capacityRps: fleet.capacityRps, startupMs: fleet.usualStartupMs },
      },
      tuning: tuningStatus(
        fleet,
        { state: this.#state?.memory.tuning, trouble: this.#state?.tuning.trouble ?? null },
        this.#ports,
      ),
    }
  }

  /** What the next tick would do, from a look at the world of its own. Does nothing. Throws Fault. */
  async plan(signal: AbortSignal): Promise<Plan> {
    const recalled = this.#state ?? (await this.#recall())
    const settings = recalled.tuning.inForce(this.#settings, recalled.memory)
    const view = verify(await measure(recalled, settings, this.#ports, signal))
    const decision = decide(view, settings.policies)
    const steps = plan(decision, view).map(({ step }) => step)
    return {
      fleet: this.name,
      decision,
      steps,
      opinions: decision.opinions,
      windows: view.calendar,
      replacement: replacementOf(view.replacing),
      open: view.verdicts.filter(isOpen).map(({ intent }) => intent.step),
    }
  }

  async #recall(): Promise<FleetState> {
    const recalled = await this.#ports.store.recall(this.name)
    return new FleetState(this.#settings, notAfter(this.#ports.clock.now(), recalled))
  }

  /** The settings with what is tuned in place. */
  get #inForce(): FleetSettings {
    const state = this.#state
    return state === null ? this.#settings : state.tuning.inForce(this.#settings, state.memory)
  }

  #shadow(): FleetStatus['shadow'] {
    const memory = this.#state?.memory.shadow
    if (memory === undefined || memory.id !== this.#settings.shadow?.id) return null
    const { id: _id, past: _past, seenAt: _at, wants: _wants, failed, ...tally } = memory
    return { ...NO_TALLY, ...tally, failed, decision: this.last?.shadow ?? null }
  }

  /** A little apart from other loops, so that they do not all ask in the same instant. */
  #pauseMs(): Millis {
    const { tickMs } = this.#settings
    const last = this.last
    const starting = this.#state?.blindTicks === 1
    const busy = last && (starting || last.planned.length > 0 || last.view.verdicts.length > 0)
    const pauseMs = busy && this.#fault === null ? Math.min(SOON_MS, tickMs) : tickMs
    return pauseMs * (0.95 + 0.1 * this.#ports.rng())
  }

  /** The event is written once, not every tick that it lasts; the store may be what failed. */
  async #note(fault: Fault): Promise<void> {
    const text = `${this.name}: ${fault.message} (${fault.code})`
    const known = this.#fault === text
    this.#fault = text
    if (known) return
    this.#ports.log.warn(text, { fleet: this.name, code: fault.code })
    const event = { at: this.#ports.clock.now(), scope: `fleet:${this.name}`, kind: 'fault', text }
    await this.#ports.store.event(event).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error
    })
  }
}

/** Launches that wait for their time are wanted all the same. */
function desiredIn({ want, because }: Decision): number {
  return because.find(({ by }) => by === 'guard:backoff')?.from ?? want
}

function pending({ backoff, now }: FleetView): Backoff | null {
  return backoff !== null && backoff.untilAt > now ? backoff : null
}

/** A reload may have taken a metric away that the last tick still read. */
function measuredBy(names: readonly string[], custom: CustomMetrics): FleetStatus['measuredBy'] {
  const known = names.filter((name) => metricNamed(name, custom) !== null)
  return Object.fromEntries(known.map((name) => [name, metricInfo(name, custom).from]))
}

function serversIn(view: FleetView): readonly ServerStatus[] {
  const priceOf = pricesIn(view)
  return view.servers.map((server) => statusOf(server, priceOf(server)))
}

function statusOf(server: ServerView, price: number | null): ServerStatus {
  return {
    id: server.id,
    address: server.address,
    state: server.state,
    revision: server.revision,
    launchedAt: server.launchedAt,
    inFlight: server.inFlight,
    connections: server.connections,
    zone: server.zone ?? null,
    price,
    detail: server.detail ?? server.notice ?? null,
    ending: server.ending ?? null,
  }
}
