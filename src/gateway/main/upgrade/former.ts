import { request } from 'node:http'
import type { Member } from '../../../core/balancer.ts'
import { messageOf } from '../../../core/fault.ts'
import type { Logger, Millis } from '../../../core/time.ts'

const POLL_MS: Millis = 500
const ANSWER_MS: Millis = 2_000
/** So many polls without an answer, and it is gone. */
const MISSES = 3

type Held = Pick<Member, 'inFlight' | 'connections'>

/** The gateway before this one, while its last connections end: what they hold of servers counts too, or those would be stopped under them. */
export class Former {
  readonly #path: string
  readonly #pools: () => readonly string[]
  readonly #log: Logger
  readonly #held = new Map<string, Held>()
  #timer: NodeJS.Timeout | null = null
  #misses = 0

  constructor(path: string, about: { readonly pools: () => readonly string[]; readonly log: Logger }) {
    this.#path = path
    this.#pools = about.pools
    this.#log = about.log
    this.#later()
  }

  held(pool: string, id: string): Held {
    return this.#held.get(`${pool}\n${id}`) ?? NOTHING
  }

  /** Its connections get no more time than this. */
  async stop(drainMs: Millis): Promise<void> {
    this.close()
    await this.#ask('POST', '/stop', JSON.stringify({ drainMs })).catch(() => {})
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #later(): void {
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS)
    this.#timer.unref()
  }

  async #poll(): Promise<void> {
    try {
      for (const pool of this.#pools()) await this.#look(pool)
      this.#misses = 0
    } catch (error) {
      if (++this.#misses >= MISSES) {
        this.#held.clear()
        this.#log.info(`the former gateway has ended: ${messageOf(error)}`)
        this.close()
        return
      }
    }
    if (this.#timer !== null) this.#later()
  }

  async #look(pool: string): Promise<void> {
    const text = await this.#ask('GET', `/members?pool=${encodeURIComponent(pool)}`, '')
    const members = JSON.parse(text) as readonly Member[]
    for (const { id, inFlight, connections } of members)
      this.#held.set(`${pool}\n${id}`, { inFlight, connections })
  }

  #ask(method: string, path: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const options = { socketPath: this.#path, method, path, headers, timeout: ANSWER_MS }
      const asked = request(options, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part)).on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8')
          // A pool that came after it has nothing there.
          resolve(response.statusCode === 200 ? text : '[]')
        })
      })
      asked.on('timeout', () => asked.destroy(new Error('no answer'))).on('error', reject)
      asked.end(body)
    })
  }
}

const NOTHING: Held = { inFlight: 0, connections: 0 }
