import { Fault } from '../../../core/fault.ts'
import type { Millis } from '../../../core/time.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import type { Fields } from '../client/fields.ts'

/** The vendor's own controllers look as often, and give up no sooner. */
const LOOK_MS = 1_000
const PATIENCE_MS = 300_000
/** As many as one look takes. */
const A_LOOK = 100

interface Waiting {
  readonly untilAt: Millis
  /** With what the cloud says of its failure; null = it has succeeded. */
  readonly ended: (failure: string | null) => void
  readonly lost: (error: unknown) => void
}

/** Follows the jobs that the changes of ALB are, all of them by one call at a time:
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-listasynjobs */
export class Jobs {
  readonly #means: Means
  readonly #closed = new AbortController()
  readonly #waiting = new Map<string, Waiting>()
  #looking: Promise<void> | null = null

  constructor(means: Means) {
    this.#means = means
  }

  /** Resolves when it has succeeded. Throws Fault when it has failed, or nobody knows. */
  async done(id: string, doing: string): Promise<void> {
    const failure = await new Promise<string | null>((ended, lost) => {
      this.#waiting.set(id, { untilAt: this.#means.clock.now() + PATIENCE_MS, ended, lost })
      this.#looking ??= this.#look()
    })
    if (failure === null) return
    throw new Fault('balancer.refused', `${doing}: ${failure}`, { source: 'vendor', retry: 'yes' })
  }

  /** What is awaited goes on in the cloud. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the balancer is closed'))
    await this.#looking
  }

  async #look(): Promise<void> {
    const { signal } = this.#closed
    try {
      while (this.#waiting.size > 0) {
        await this.#means.clock.sleep(LOOK_MS, signal)
        for (const { id, status, failure } of await this.#read(this.#first(), signal))
          if (status !== 'Processing') this.#taken(id)?.ended(failure)
        this.#giveUp()
      }
    } catch (error) {
      for (const id of [...this.#waiting.keys()]) this.#taken(id)!.lost(error)
    } finally {
      // In the same breath: whoever comes next begins another look.
      this.#looking = null
    }
  }

  #first(): readonly string[] {
    return [...this.#waiting.keys()].slice(0, A_LOOK)
  }

  #taken(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #giveUp(): void {
    const now = this.#means.clock.now()
    for (const [id, { untilAt }] of [...this.#waiting]) {
      if (now < untilAt) continue
      const message = `the cloud has not ended job ${id} after ${PATIENCE_MS / 1000} s`
      const about = { source: 'vendor', retry: 'unknown' } as const
      this.#taken(id)!.lost(new Fault('balancer.unreachable', message, about))
    }
  }

  #read(ids: readonly string[], signal: AbortSignal) {
    return patiently(
      this.#means,
      {
        product: 'alb',
        action: 'ListAsynJobs',
        query: { JobIds: ids, MaxResults: A_LOOK },
        read: (answer) => answer.list('Jobs').map(jobOf),
      },
      'the jobs of ALB cannot be read',
      signal,
    )
  }
}

function jobOf(job: Fields) {
  const status = job.text('Status')
  const said = (name: string) => (job.has(name) ? job.text(name) : '')
  const failure = status === 'Failed' ? `${said('ErrorCode')}: ${said('ErrorMessage')}` : null
  return { id: job.text('Id'), status, failure }
}
