import type { Millis } from '../../src/core/time.ts'
import type { HttpAnswer } from '../../src/drivers/alicloud/client/answer.ts'
import { type CallCloud, openClient } from '../../src/drivers/alicloud/client/client.ts'
import type { Parameters } from '../../src/drivers/alicloud/client/parameters.ts'
import { type Operation, rpcRequest } from '../../src/drivers/alicloud/client/rpc.ts'
import { Secret } from '../../src/drivers/alicloud/client/secret.ts'
import type { HttpRequest, Transport } from '../../src/drivers/alicloud/client/transport.ts'
import type { Answer } from '../../src/sandbox/answer.ts'
import { handle } from '../../src/sandbox/handle.ts'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import { settled } from '../../src/sandbox/settle.ts'
import type { World } from '../../src/sandbox/world.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'

export const REGION = 'cn-hangzhou'
/** On a full minute. */
export const START: Millis = Date.UTC(2026, 0, 5, 8)

/** A sandbox in this process, on virtual time: calls reach it as HTTP requests, without a network. */
export class Cloud {
  readonly clock = new VirtualClock(START)
  world: World
  /** What was called, in order, such as `ecs RunInstances`. */
  readonly calls: string[] = []
  readonly #credentials = {
    accessKeyId: SAMPLE_KEY.id,
    accessKeySecret: new Secret(SAMPLE_KEY.secret),
    securityToken: null,
    expiresAt: null,
  }
  #nonce = 0

  constructor(world: World = sampleWorld()) {
    this.world = world
  }

  /** The cloud's own time. */
  now(): Millis {
    return this.clock.now() + this.world.skewMs
  }

  /** One request, and what the cloud makes of it at once. */
  send(request: HttpRequest): Answer {
    const { pathname, search } = new URL(request.url)
    const { world, answer } = handle(
      this.world,
      {
        method: request.method,
        target: `${pathname}${search}`,
        headers: request.headers,
        body: request.body,
      },
      this.clock.now(),
    )
    this.world = world
    this.calls.push(request.headers['x-acs-action'] ?? '')
    return answer
  }

  /** As the network would: late or lost where the sandbox says so. */
  readonly transport: Transport = async (request, signal): Promise<HttpAnswer> => {
    const { status, headers, body, delayMs, isLost } = this.send(request)
    if (delayMs > 0) await this.clock.sleep(delayMs, signal)
    if (isLost) throw new Error('socket hang up')
    return { status, headers, text: body }
  }

  /** A client of a driver's kind. */
  client(): CallCloud {
    return openClient({
      where: { region: REGION, endpoint: null },
      credentials: { get: async () => this.#credentials, refused: () => {}, close: () => {} },
      transport: this.transport,
      clock: this.clock,
      rng: () => (this.#nonce++ % 1000) / 1000,
    })
  }

  /** One call, signed, straight: its answer as JSON, with the code where it is refused. */
  ask(product: Operation['product'], action: string, query: Parameters = {}, form?: Parameters): Asked {
    const operation = { product, action, query: { RegionId: REGION, ...query }, ...(form ? { form } : {}) }
    const attempt = { date: this.clock.now(), nonce: `n${this.#nonce++}` }
    const { request } = rpcRequest(operation, { region: REGION, endpoint: null }, this.#credentials, attempt)
    return JSON.parse(this.send(request).body) as Asked
  }

  /** Time goes on until it has settled. */
  async until<T>(outcome: Promise<T>): Promise<T> {
    let isSettled = false
    const settle = () => {
      isSettled = true
    }
    outcome.then(settle, settle)
    while (!isSettled) await this.advance(10)
    return await outcome
  }

  /** Time goes on. */
  async advance(ms: Millis): Promise<void> {
    await this.clock.advance(ms)
    this.world = settled(this.world, this.now())
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms, read by tests only.
export type Asked = any
