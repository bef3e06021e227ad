import type { Balancer, BalancerSpec } from './balancer.ts'
import type { Json } from './canonical.ts'
import type { Capability } from './capabilities.ts'
import type { CarbonRates } from './carbon.ts'
import type { Examination, Patient } from './finding.ts'
import type { Fleet } from './fleet.ts'
import type { Form } from './form.ts'
import type { Probe } from './health.ts'
import type { MetricName, MetricSource } from './metrics.ts'
import type { Host, Millis } from './time.ts'

/** A problem of a driver's part of the configuration: path inside that part, and what to do. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** A key that a driver adds to a section, for the reference and for editors. */
export interface DriverKey extends Form {
  readonly help: string
  /** As a user would write it. */
  readonly default?: string | number | boolean
  readonly required?: true
}
export type DriverKeys = Readonly<
  Record<string, DriverKey | { readonly help: string; readonly keys: DriverKeys }>
>

/** What an opened driver offers; it is closed when the configuration changes or the program ends. Closing stops no server. */
export interface Opened extends AsyncDisposable {
  readonly fleet?: Fleet
  readonly metrics?: MetricSource
}

/** One operation that a driver calls, as the vendor's access control knows it. */
export interface Permission {
  /** Such as `ecs:RunInstances`. */
  readonly action: string
  /** What it is for, for people. */
  readonly why: string
  /** On what, in the vendor's words; `*` = on anything. */
  readonly resource: string
  /** Only on what bears the tag of this installation. */
  readonly isOwnOnly: boolean
}

/** Where something stands, as far as its configuration tells. */
export interface Standing {
  readonly region: string
  /** At most so many zones; null = it does not tell. */
  readonly zones: number | null
  /** In whose account, in words of the file: a profile, or the number in a role; null = whoever's keys are found. */
  readonly account: string | null
}

export type Parsed<Config> =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** What a driver is told of a fleet beside its own keys. */
export interface FleetAbout {
  readonly fleet: string
  /** How long a server may take until it serves. */
  readonly startupMs: Millis
  /** What counts beside prices where it chooses what to launch; left out: nothing. */
  readonly carbon?: CarbonRates
}

/** One kind of fleet. Offline parts are pure; `open` does the rest. */
export interface DriverModule<Config> {
  readonly kind: string
  /** What this driver adds to a fleet's section. */
  readonly keys: DriverKeys
  /** Parses the driver's keys of a fleet's section; paths are relative to that section. */
  parse(raw: Readonly<Record<string, unknown>>, about: { readonly baseDir: string }): Parsed<Config>
  /** What a launch needs; its hash is the revision. */
  template(config: Config): Json
  /** Of the metrics that are a fleet's own, those that it measures; left out: none. */
  readonly measures?: readonly MetricName[]
  /** Its servers have types that may tell what they draw; left out: only the file says. */
  readonly types?: true
  /** It knows what its servers cost; left out: only the file says. */
  readonly prices?: true
  /** What of a template makes its servers other ones, where that is not all of it. */
  identity?(template: Json): Json
  /** All that it calls with this configuration; left out: its servers are nobody's who would ask. */
  permissions?(config: Config): readonly Permission[]
  /** Where its servers stand. */
  stands?(config: Config): Standing
  /** The region that the name of a host of the vendor's tells; null = none. */
  regionOf?(host: string): string | null
  /** Asks the vendor whether a fleet could live there; changes nothing. What the vendor refuses is a finding and never thrown. */
  examine?(
    config: Config,
    about: { readonly patient: Patient; readonly host: Host; readonly signal: AbortSignal },
  ): Promise<Examination>
  open(config: Config, about: FleetAbout, host: Host): Promise<Opened>
}

/** One kind of balancer beside our own gateway. Offline parts are pure; `open` does the rest. */
export interface BalancerDriverModule<Config> {
  readonly kind: string
  /** What it adds to a balancer's section, and to a pool's. */
  readonly keys: DriverKeys
  readonly poolKeys: DriverKeys
  /** What stands in a pool's section where the file says nothing, in place of the gateway's defaults. */
  readonly poolDefaults: Readonly<Record<string, string>>
  /** Keys of listeners and pools that it honours, such as `pools.health.path`; whatever is below one of them too. Others are refused. */
  readonly honours: readonly string[]
  readonly capabilities: readonly Capability[]
  /** As `DriverModule.parse`: the keys of a balancer's section. */
  parse(raw: Readonly<Record<string, unknown>>, about: { readonly baseDir: string }): Parsed<Config>
  /** The same of a pool's section: what becomes its `part`. */
  parsePool(raw: Readonly<Record<string, unknown>>): Parsed<Json>
  /** Where it stands. */
  stands?(config: Config): Standing
  /** The networks that its traffic and its checks come from, as servers see them; left out: nobody says. */
  readonly comesFrom?: readonly string[]
  /** Values of keys that it honours and still cannot do; paths from the file's root. */
  refuses(spec: BalancerSpec): readonly ConfigProblem[]
  /** All that it calls with this configuration to carry this. */
  permissions?(config: Config, spec: BalancerSpec): readonly Permission[]
  /** Asks the vendor whether it could carry this, as `DriverModule.examine` does. */
  examine?(
    config: Config,
    about: { readonly spec: BalancerSpec; readonly host: Host; readonly signal: AbortSignal },
  ): Promise<Examination>
  /** The balancer that is there, by which this configuration carries, as the vendor calls it; null = none. Two of a file cannot have the
   *  same: each would take away what the other has made. Left out: nobody says. */
  names?(config: Config): string | null
  /** Does this configuration order the balancer itself? Left out: none does. */
  orders?(config: Config): boolean
  /** Deletes the balancer itself where this driver has created it, with all that it carries, and gives its id; null = there is none.
   *  Left out: it creates none. Throws Fault. */
  remove?(
    config: Config,
    about: { readonly name: string; readonly signal: AbortSignal },
    host: Host,
  ): Promise<string | null>
  /** Reaches nobody yet. Closing changes nothing of what it carries. */
  open(
    config: Config,
    about: {
      readonly name: string
      /** For what the balancer does not tell. */
      readonly probe: Probe
    },
    host: Host,
  ): Promise<{ readonly balancer: Balancer } & AsyncDisposable>
}

/** One kind of source of the metrics that a file defines. */
export interface MetricDriverModule<Source, Query> {
  readonly kind: string
  /** What it adds to a source, and to a metric. */
  readonly sourceKeys: DriverKeys
  readonly metricKeys: DriverKeys
  /** As `DriverModule.parse`: the keys of a source's section, relative paths from `baseDir`. */
  parseSource(raw: Readonly<Record<string, unknown>>, about: { readonly baseDir: string }): Parsed<Source>
  /** The same of a metric's section. */
  parseMetric(raw: Readonly<Record<string, unknown>>): Parsed<Query>
  /** How old a sample may be when nothing is wrong: beyond it is stale, where the metric's section does not say; left out: as
   *  `guards.fresh` of the fleet says. */
  freshMs?(source: Source, query: Query): Millis
  /** What its user should know of a source that is right, when so many fleets ask for its metrics. */
  warnings?(
    source: Source,
    queries: readonly Query[],
    fleets: readonly { readonly driver: string; readonly max: number }[],
  ): readonly string[]
  /** As `DriverModule.permissions`. */
  permissions?(source: Source): readonly Permission[]
  /** Looks whether the vendor has these metrics, for people who ask. Changes nothing. */
  examine?(
    source: Source,
    queries: Readonly<Record<MetricName, Query>>,
    about: { readonly host: Host; readonly signal: AbortSignal },
  ): Promise<Examination>
  /** Reaches nobody yet: a source that cannot be reached is `unreachable` in each reading. */
  open(
    source: Source,
    queries: Readonly<Record<MetricName, Query>>,
    host: Host,
  ): Promise<{ readonly metrics: MetricSource } & AsyncDisposable>
}
