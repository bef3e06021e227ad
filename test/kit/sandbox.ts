import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Parameters } from '../../src/drivers/alicloud/client/parameters.ts'
import { type Operation, rpcRequest } from '../../src/drivers/alicloud/client/rpc.ts'
import { Secret } from '../../src/drivers/alicloud/client/secret.ts'
import { SAMPLE_KEY } from '../../src/sandbox/sample.ts'
import { type Asked, REGION } from './cloud.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Test files run side by side, each worker with addresses of its own. */
const NETWORK = String(20 + Number(process.env.VITEST_POOL_ID ?? 0))
const CREDENTIALS = {
  accessKeyId: SAMPLE_KEY.id,
  accessKeySecret: new Secret(SAMPLE_KEY.secret),
  securityToken: null,
  expiresAt: null,
}

type Environment = Readonly<Record<string, string | undefined>>

const KEY_IN_ENVIRONMENT: Environment = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: SAMPLE_KEY.id,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: SAMPLE_KEY.secret,
}

/** A cloud in a process of its own, with servers and load balancers of real sockets. Its key is in the environment as long as a test
 *  lasts. */
export class Sandbox implements AsyncDisposable {
  readonly endpoint: string
  readonly vswitches: readonly string[]
  readonly #process: ChildProcess
  readonly #before: Environment

  private constructor(
    child: ChildProcess,
    endpoint: string,
    vswitches: readonly string[],
    before: Environment,
  ) {
    this.#process = child
    this.#before = before
    this.endpoint = endpoint
    this.vswitches = vswitches
  }

  static async start(...options: readonly string[]): Promise<Sandbox> {
    const before = setEnvironment(KEY_IN_ENVIRONMENT)
    const words = [
      join(ROOT, 'bin/tidegate.js'),
      'sandbox',
      '--port',
      '0',
      '--network',
      NETWORK,
      '--json',
      ...options,
    ]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { endpoint, vswitches } = JSON.parse(line) as { endpoint: string; vswitches: readonly string[] }
    return new Sandbox(child, endpoint, vswitches, before)
  }

  /** One call of the cloud's API. Throws when it is refused. */
  async ask(product: Operation['product'], action: string, query: Parameters = {}): Promise<Asked> {
    const place = { region: REGION, endpoint: this.endpoint }
    const attempt = { date: Date.now(), nonce: randomUUID() }
    const operation = { product, action, query: { RegionId: REGION, ...query } }
    const { method, url, headers, body } = rpcRequest(operation, place, CREDENTIALS, attempt).request
    const answer = (await (await fetch(url, { method, headers, body })).json()) as Asked
    if (answer.Code !== undefined) throw new Error(`${action}: ${answer.Code} ${answer.Message}`)
    return answer
  }

  /** What the sandbox tells of itself. */
  async about<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.endpoint}/sandbox/${path}`)).json()) as T
  }

  async order(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    await fetch(`${this.endpoint}/sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** The keys of a fleet whose servers are the example's, on a port; `words` are its options. */
  fleet(port: number, words = ''): string {
    return `
    driver: alicloud-ecs
    region: ${REGION}
    endpoint: ${this.endpoint}
    vswitches: ${JSON.stringify(this.vswitches)}
    instance-types: [ecs.c7.large]
    image: sandbox-image
    security-groups: [sg-sandbox]
    port: ${port}
    user-data: |
      SERVER_HOST=\${HOST} PORT=${port} exec ${process.execPath} ${join(ROOT, 'examples/server.ts')} ${words}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    setEnvironment(this.#before)
    if (this.#process.exitCode !== null) return
    this.#process.kill('SIGTERM')
    await once(this.#process, 'exit')
  }
}

/** Sets variables of this process, or deletes what is undefined. Returns what they were. */
function setEnvironment(values: Environment): Environment {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]))
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  return before
}
