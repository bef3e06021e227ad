import { rmSync } from 'node:fs'
import { checkForeign } from '../config/load.ts'
import { errorLines } from '../config/problems.ts'
import type { ShadowSettings } from '../controller/shadow.ts'
import type { Json } from '../core/canonical.ts'
import { canonical } from '../core/canonical.ts'
import { Fault, messageOf, userFault } from '../core/fault.ts'
import { hash64 } from '../core/hash.ts'
import { METRICS, type MetricName } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { ShadowAbout } from '../core/shadow.ts'
import type { Store } from '../core/store.ts'
import type { Host } from '../core/time.ts'
import { policiesOf } from '../scaling/policies/compile.ts'
import { statePaths } from './paths.ts'
import { readList, writeList } from './saved-list.ts'

/** A configuration as it was sent. */
interface Sent extends ShadowAbout {
  readonly text: string
}

interface Parts {
  readonly store: Pick<Store, 'event'>
  readonly host: Pick<Host, 'clock'>
}

interface Running {
  readonly about: ShadowAbout
  readonly fleets: ReadonlyMap<string, ShadowSettings>
}

/** The one configuration that decides beside the active one. It is kept in the state directory, so that it outlives a controller. */
export class Shadows {
  readonly #path: string
  readonly #parts: Parts
  #running: Running | null = null

  constructor(stateDir: string, parts: Parts) {
    this.#path = statePaths(stateDir).shadow
    this.#parts = parts
  }

  get about(): ShadowAbout | null {
    return this.#running?.about ?? null
  }

  /** null = the fleet has none. */
  of(fleet: string): ShadowSettings | null {
    return this.#running?.fleets.get(fleet) ?? null
  }

  /** Throws Fault config.invalid when it cannot decide beside these settings, request.invalid when another one runs. */
  async start(
    { file, text }: { readonly file: string; readonly text: string },
    by: string,
    active: Settings,
  ): Promise<ShadowAbout> {
    if (this.#running !== null)
      throw userFault(
        'request.invalid',
        `${this.#running.about.file} runs in shadow already; end it with \`tidegate shadow --stop\``,
      )
    const at = this.#parts.host.clock.now()
    const sent = { id: hash64(`${at} ${text}`), file, by, at, text }
    const running = open(sent, active, at)
    writeList(this.#path, [sent])
    this.#running = running
    await this.#say(`${by} lets ${file} decide in shadow`)
    return running.about
  }

  /** Throws Fault not-found when none runs. */
  async stop(by: string): Promise<void> {
    if (this.#running === null) throw userFault('not-found', 'nothing runs in shadow')
    const { file } = this.#running.about
    this.#end()
    await this.#say(`${by} ended the shadow of ${file}`)
  }

  /** After a start or a reload: takes up what is kept, or tells why that has ended. */
  async renew(active: Settings): Promise<void> {
    try {
      const [sent] = readList<Sent>(this.#path)
      this.#running = sent === undefined ? null : open(sent, active, this.#parts.host.clock.now())
    } catch (error) {
      const isOver = error instanceof Fault && error.code === 'config.invalid'
      if (isOver) this.#end()
      else this.#running = null
      const what = isOver ? 'the shadow has ended' : 'there is no shadow until it can be read again'
      await this.#say(`${what}: ${messageOf(error).replaceAll('\n', '; ')}`)
    }
  }

  async #say(text: string): Promise<void> {
    const { store, host } = this.#parts
    await store.event({ at: host.clock.now(), scope: 'system', kind: 'config', text })
  }

  #end(): void {
    this.#running = null
    rmSync(this.#path, { force: true })
  }
}

function open({ text, ...about }: Sent, active: Settings, now: number): Running {
  const loaded = checkForeign(text, about.file, now)
  if (!loaded.ok) throw userFault('config.invalid', errorLines(loaded.problems).join('\n'))
  const { settings } = loaded
  const problems = settings.fleets.flatMap((fleet) => problemsOf(fleet, settings, active))
  if (settings.fleets.length === 0)
    problems.push(`${about.file} has no fleet, so there is nothing to compare`)
  if (problems.length > 0) throw userFault('config.invalid', problems.join('\n'))
  const fleets = settings.fleets.map((fleet) => [fleet.name, settingsOf(fleet, about.id)] as const)
  return { about, fleets: new Map(fleets) }
}

function problemsOf(fleet: FleetSpec, settings: Settings, active: Settings): string[] {
  const own = active.fleets.find(({ name }) => name === fleet.name)
  if (own === undefined) {
    const known = active.fleets.map(({ name }) => name).join(', ') || 'none'
    return [`fleets.${fleet.name} does not run; those that do: ${known}`]
  }
  return metricsOf(fleet)
    .filter((metric) => measured(metric, fleet, settings) !== measured(metric, own, active))
    .map(
      (metric) =>
        `fleets.${fleet.name} goes by ${metric}, which is not measured as this file has it: put its definition into metrics: of ${active.file}, which changes no decision, and try again`,
    )
}

/** Those of the file: all others are measured for every fleet. */
function metricsOf(fleet: FleetSpec): readonly MetricName[] {
  const names = settingsOf(fleet, '').policies.flatMap(({ metrics, looksAhead }) =>
    looksAhead === undefined ? metrics : [...metrics, looksAhead],
  )
  return [...new Set(names)].filter((name) => !Object.hasOwn(METRICS, name))
}

/** All that its values depend on, with placeholders for secrets: those of a text that was sent are not filled in. */
function measured(metric: MetricName, { metrics }: FleetSpec, { sources }: Settings): string | null {
  const info = metrics[metric]
  if (info === undefined) return null
  const source = sources.find(({ name }) => name === info.from)
  const asked = source && {
    driver: source.driver,
    config: source.written.config,
    query: source.written.queries[metric],
  }
  return canonical({ ...info, from: '', asked: asked ?? null } as unknown as Json)
}

function settingsOf(fleet: FleetSpec, id: string): ShadowSettings {
  return { id, fleet, policies: policiesOf(fleet) }
}
