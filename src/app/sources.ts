import type { Json } from '../core/canonical.ts'
import { canonical } from '../core/canonical.ts'
import { Fault } from '../core/fault.ts'
import type { MetricSource } from '../core/metrics.ts'
import type { SourceSpec } from '../core/settings.ts'
import type { Host } from '../core/time.ts'
import { METRIC_DRIVERS } from '../drivers/index.ts'

interface Open {
  readonly text: string
  readonly source: { readonly metrics: MetricSource } & AsyncDisposable
}

/** The open sources of the metrics that the file defines, shared by all fleets. */
export class Sources {
  readonly #host: Host
  #open: ReadonlyMap<string, Open> = new Map()

  constructor(host: Host) {
    this.#host = host
  }

  /** By the word in `MetricInfo.from`; null when there is none of that name. */
  of(from: string): MetricSource | null {
    return this.#open.get(from)?.source.metrics ?? null
  }

  /** Opens what is new or has changed and keeps the rest. Those that are no longer wanted close when the result is called, after the
   *  fleets have let go of them. */
  async replace(specs: readonly SourceSpec[]): Promise<() => Promise<void>> {
    const before = this.#open
    const next = new Map<string, Open>()
    for (const spec of specs) {
      const text = canonical(spec as unknown as Json)
      const old = before.get(spec.name)
      next.set(spec.name, old?.text === text ? old : { text, source: await openSource(spec, this.#host) })
    }
    this.#open = next
    const over = [...before].filter(([name, open]) => next.get(name) !== open)
    return async () => {
      for (const [, { source }] of over) await source[Symbol.asyncDispose]()
    }
  }
}

/** The configuration has been parsed by that same driver, so its types hold. */
function openSource({ driver, config, queries }: SourceSpec, host: Host): Promise<Open['source']> {
  const module = Object.hasOwn(METRIC_DRIVERS, driver)
    ? METRIC_DRIVERS[driver as keyof typeof METRIC_DRIVERS]
    : undefined
  if (!module)
    throw new Fault('not-found', `there is no driver ${driver} of metrics`, { source: 'user', retry: 'no' })
  return module.open(config as never, queries as never, host)
}
