import type { Balancer } from './balancer.ts'
import type { Json } from './canonical.ts'
import type { Fleet } from './fleet.ts'
import type { MetricSource } from './metrics.ts'
import type { Host } from './time.ts'

/** A problem of a driver's part of the configuration: path inside that part, and what to do. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What an opened driver offers; it is closed when the configuration changes or the program ends. Closing stops no server. */
export interface Opened extends AsyncDisposable {
  readonly fleet?: Fleet
  readonly balancer?: Balancer
  readonly metrics?: MetricSource
}

/** One kind of driver. Offline parts are pure; `open` does the rest. */
export interface DriverModule<Config> {
  readonly kind: string
  /** Keys that this driver adds to a fleet's section, for suggestions on misspelt ones. */
  readonly keys: readonly string[]
  /** Parses the driver's keys of a fleet's section; paths are relative to that section. */
  parse(
    raw: Readonly<Record<string, unknown>>,
    about: { readonly baseDir: string },
  ):
    | { readonly ok: true; readonly config: Config }
    | { readonly ok: false; readonly problems: readonly ConfigProblem[] }
  /** What a launch needs; its hash is the revision. */
  template(config: Config): Json
  open(config: Config, about: { readonly fleet: string }, host: Host): Promise<Opened>
}
