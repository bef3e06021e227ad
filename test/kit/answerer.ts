import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server on loopback that answers every request with its head, as JSON. */
export class Answerer implements AsyncDisposable {
  readonly #server: Server

  private constructor(lines: Readonly<Record<string, string>>) {
    this.#server = createServer(({ method, url, headers }, response) => {
      response.writeHead(200, lines)
      response.end(JSON.stringify({ method, url, headers }))
    })
  }

  /** `lines` are further header lines of its answers. */
  static async start(lines: Readonly<Record<string, string>> = {}): Promise<Answerer> {
    const answerer = new Answerer(lines)
    await once(answerer.#server.listen(0, '127.0.0.1'), 'listening')
    return answerer
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}
