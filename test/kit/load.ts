import { Agent, request } from 'node:http'

/** A failed request: refused, reset, truncated, over 10 s, or 500 and above that no server sent. */
const TOO_LONG_MS = 10_000
const MAX_SOCKETS = 256

export interface LoadReport {
  readonly sent: number
  readonly ok: number
  /** Each with its method and what happened. */
  readonly failed: readonly string[]
  /** Answers by the x-server header. */
  readonly byServer: ReadonlyMap<string, number>
}

/** Open-loop load: sends on schedule whatever the answers do; every fifth request is a POST with a body that must come back. */
export class Load {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS })
  readonly #failed: string[] = []
  readonly #byServer = new Map<string, number>()
  readonly #pending = new Set<Promise<void>>()
  readonly #url: URL
  readonly #timer: NodeJS.Timeout
  #rps: number
  #sent = 0
  #ok = 0
  #owed = 0
  #lastAt = performance.now()

  constructor(url: string, rps: number) {
    this.#url = new URL(url)
    this.#rps = rps
    this.#timer = setInterval(() => this.#send(), 10)
  }

  set rps(rps: number) {
    this.#rps = rps
  }

  report(): LoadReport {
    return { sent: this.#sent, ok: this.#ok, failed: [...this.#failed], byServer: new Map(this.#byServer) }
  }

  /** Stops sending and waits for the last answers. */
  async stop(): Promise<LoadReport> {
    clearInterval(this.#timer)
    await Promise.all(this.#pending)
    this.#agent.destroy()
    return this.report()
  }

  #send(): void {
    const now = performance.now()
    // A stalled test process must not catch up with a burst that no client would send.
    this.#owed += Math.min(100, now - this.#lastAt) * (this.#rps / 1000)
    this.#lastAt = now
    for (; this.#owed >= 1; this.#owed--) {
      const method = this.#sent++ % 5 === 4 ? 'POST' : 'GET'
      const one = this.#exchange(method).finally(() => this.#pending.delete(one))
      this.#pending.add(one)
    }
  }

  #exchange(method: string): Promise<void> {
    const body = method === 'POST' ? `body ${this.#sent}` : ''
    const fail = (why: string): void => void this.#failed.push(`${method} ${new Date().toISOString()} ${why}`)
    return new Promise((done) => {
      const signal = AbortSignal.timeout(TOO_LONG_MS)
      const headers = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
      const req = request(this.#url, { agent: this.#agent, method, headers, signal }, (res) => {
        const server = res.headers['x-server']
        res.on('data', () => {})
        res.on('error', (error) => fail(error.message))
        res.on('close', () => {
          if (!res.complete) fail('truncated')
          else if ((res.statusCode ?? 0) >= 500 && server === undefined) fail(`status ${res.statusCode}`)
          else this.#count(String(server))
          done()
        })
      })
      req.on('error', (error) => {
        fail(error.message)
        done()
      })
      req.end(body)
    })
  }

  #count(server: string): void {
    this.#ok++
    this.#byServer.set(server, (this.#byServer.get(server) ?? 0) + 1)
  }
}
