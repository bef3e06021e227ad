import type { Rng } from '../../../core/time.ts'
import { failed, type Means, patiently, patientOutcome } from '../balancer/patience.ts'
import type { Fields } from '../client/fields.ts'
import { nonceFrom } from '../client/nonce.ts'
import type { Parameters } from '../client/parameters.ts'
import { Jobs } from './jobs.ts'

const PAGE = 100

export interface Asked {
  readonly action: string
  readonly query: Parameters
}

/** How ALB is spoken to: what is read, and changes, which are jobs of the cloud. */
export class Alb {
  readonly means: Means
  readonly #rng: Rng
  readonly #jobs: Jobs

  constructor(means: Means, rng: Rng) {
    this.means = means
    this.#rng = rng
    this.#jobs = new Jobs(means)
  }

  /** Resolves when its job has succeeded. Sent again, it bears the token of the first. What is refused with the code `unless` stays as it
   *  is. Throws Fault. */
  async change(
    { action, query, form, unless }: Asked & { readonly form?: Parameters; readonly unless?: string },
    doing: string,
    signal: AbortSignal,
  ): Promise<void> {
    const call = {
      product: 'alb',
      action,
      query: { ...query, ClientToken: nonceFrom(this.#rng) },
      ...(form && { form }),
      read: (answer: Fields) => answer.text('JobId'),
    } as const
    const outcome = await patientOutcome(this.means, call, signal)
    if (outcome.ok) await this.#jobs.done(outcome.value, doing)
    else if (outcome.fault.code !== unless) throw failed(doing, outcome)
  }

  /** One that is no job. Throws Fault. */
  async call<T>(
    { action, query }: Asked,
    read: (answer: Fields) => T,
    doing: string,
    signal: AbortSignal,
  ): Promise<T> {
    return await patiently(this.means, { product: 'alb', action, query, read }, doing, signal)
  }

  /** All pages of a list. */
  async list<T>(
    { action, query, name }: Asked & { readonly name: string },
    read: (item: Fields) => T,
    doing: string,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const all: T[] = []
    let token: string | undefined
    do {
      const page = await this.call(
        { action, query: { ...query, MaxResults: PAGE, NextToken: token } },
        (answer) => ({
          items: answer.list(name).map(read),
          next: answer.has('NextToken') ? answer.text('NextToken') : '',
        }),
        doing,
        signal,
      )
      all.push(...page.items)
      token = page.next
    } while (token !== '')
    return all
  }

  async close(): Promise<void> {
    await this.#jobs.close()
  }
}
