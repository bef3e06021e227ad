import { type AuditRecord, differences } from '../core/audit.ts'
import type { Json } from '../core/canonical.ts'
import type { ApiPorts } from './ports.ts'
import { problemFrom } from './problem.ts'

/** What is known of a write before it is tried. */
export type Attempt = Pick<AuditRecord, 'who' | 'address' | 'what' | 'body'>

/** Runs writes one after another, so that what each changed can be told, and writes each down with its outcome. */
export class Audit {
  readonly #ports: Pick<ApiPorts, 'queries' | 'audit' | 'clock'>
  #last: Promise<unknown> = Promise.resolve()

  constructor(ports: Pick<ApiPorts, 'queries' | 'audit' | 'clock'>) {
    this.#ports = ports
  }

  /** Gives what `run` gives, or throws what it throws. */
  write<T>(attempt: Attempt, run: () => T | Promise<T>): Promise<T> {
    const next = this.#last.then(() => this.#write(attempt, run))
    this.#last = next.catch(() => {})
    return next
  }

  async #write<T>(attempt: Attempt, run: () => T | Promise<T>): Promise<T> {
    const { queries } = this.#ports
    const before = await queries.standing()
    const end = async (outcome: Pick<AuditRecord, 'status' | 'code'>): Promise<void> => {
      const changed = differences(before, await queries.standing())
      await this.#ports.audit({ at: this.#ports.clock.now(), ...attempt, ...outcome, ...changed })
    }
    try {
      const answer = await run()
      await end({ status: 200, code: null })
      return answer
    } catch (error) {
      const { status, code } = problemFrom(error)
      await end({ status, code })
      throw error
    }
  }
}

/** A body as it may be kept: a large one, and each of these fields, is only said to be large. */
export function keptBody(body: unknown, unkept: readonly string[] = []): Json {
  const text = JSON.stringify(body ?? {}, (name, value: unknown) =>
    unkept.includes(name) && typeof value === 'string' ? `${value.length} characters` : value,
  )
  return text.length <= 4096 ? (JSON.parse(text) as Json) : `${text.length} characters`
}
