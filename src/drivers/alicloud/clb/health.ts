import type { Clock, Millis } from '../../../core/time.ts'
import type { Health } from '../balancer/backend.ts'
import { type Means, patiently } from '../balancer/patience.ts'

/** All groups of a balancer that are read at about the same time share one answer. */
const FRESH_MS = 2_000

/** What the checks of a balancer's listeners say, by `server:port`. */
export class ClbHealth {
  readonly #read: (signal: AbortSignal) => Promise<ReadonlyMap<string, Health>>
  readonly #clock: Clock
  #last: { readonly at: Millis; readonly answer: Promise<ReadonlyMap<string, Health>> } | null = null

  constructor(means: Means, about: { readonly region: string; readonly loadBalancer: string }) {
    this.#clock = means.clock
    this.#read = (signal) => readHealth(means, about, signal)
  }

  recent(signal: AbortSignal): Promise<ReadonlyMap<string, Health>> {
    const now = this.#clock.now()
    if (this.#last !== null && now - this.#last.at < FRESH_MS) return this.#last.answer
    const answer = this.#read(signal)
    const last = { at: now, answer }
    this.#last = last
    answer.catch(() => {
      if (this.#last === last) this.#last = null
    })
    return answer
  }
}

async function readHealth(
  means: Means,
  { region, loadBalancer }: { readonly region: string; readonly loadBalancer: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Health>> {
  const rows = await patiently(
    means,
    {
      product: 'slb',
      action: 'DescribeHealthStatus',
      query: { RegionId: region, LoadBalancerId: loadBalancer },
      read: (answer) =>
        answer
          .inside('BackendServers')
          .list('BackendServer')
          .map((row) => ({
            key: `${row.text('ServerId')}:${row.text('Port')}`,
            status: row.text('ServerHealthStatus'),
          })),
    },
    `the health of ${loadBalancer} cannot be read`,
    signal,
  )
  const health = new Map<string, Health>()
  // Whoever fails for one listener is not well, whatever others say.
  for (const { key, status } of rows)
    if (status === 'abnormal') health.set(key, 'abnormal')
    else if (status === 'normal' && !health.has(key)) health.set(key, 'normal')
  return health
}
