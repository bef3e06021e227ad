import { spawn } from 'node:child_process'
import { DELAYS } from '../src/sandbox/delays.ts'
import { Load } from '../test/kit/load.ts'
import { Sandbox } from '../test/kit/sandbox.ts'
import { EXAMPLE_SERVER, Tidegate } from '../test/kit/tidegate.ts'
import { median, rounded, spread } from './kit/numbers.ts'
import { freePort, stopProcess, untilAnswers } from './kit/processes.ts'

const ROUNDS = 5
const START_MS = 1_000
const LOW_RPS = 60
const HIGH_RPS = 480

/** What the sandbox takes from the sale of an instance until it runs. */
const DELAY_MS = DELAYS.pendingMs + DELAYS.startingMs

/** From the first overloaded second to the first new server's first response, beside what the same server needs to start
 *  by itself on this machine: from its spawn to its first passed health check. In the sandbox of Alibaba Cloud (`--sandbox`), beside the
 *  time that the cloud takes to make an instance too. */
export async function benchReaction(args: readonly string[]): Promise<object> {
  const inSandbox = args.includes('--sandbox')
  const starts: number[] = []
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    starts.push(await measureStart())
    rounds.push(await (inSandbox ? measureInSandbox() : measure(localFleet())))
  }
  return {
    name: 'reaction',
    fleet: inSandbox ? 'alicloud-ecs in the sandbox' : 'local',
    serverStartMs: rounded(median(starts)),
    ...(inSandbox && { cloudMs: DELAY_MS }),
    reactionMs: rounded(median(rounds)),
    beyondStartMs: rounded(median(rounds) - median(starts) - (inSandbox ? DELAY_MS : 0)),
    targetBeyondStartMs: inSandbox ? 5_000 : 2_000,
    spread: rounded(spread(rounds)),
    rounds: rounds.map((ms) => Math.round(ms)),
  }
}

async function measureStart(): Promise<number> {
  const port = await freePort()
  const startedAt = performance.now()
  const env = { ...process.env, PORT: String(port) }
  const child = spawn(process.execPath, [EXAMPLE_SERVER, '--start-ms', String(START_MS)], {
    env,
    stdio: 'ignore',
  })
  await untilAnswers(`http://127.0.0.1:${port}/health`)
  const startMs = performance.now() - startedAt
  await stopProcess(child)
  return startMs
}

async function measureInSandbox(): Promise<number> {
  await using sandbox = await Sandbox.start()
  return await measure(cloudFleet(sandbox))
}

async function measure(fleet: string): Promise<number> {
  await using tidegate = new Tidegate(yaml(fleet))
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), LOW_RPS)
  await tidegate.until('both servers to answer', () => load.report().byServer.size === 2)
  // Five quiet seconds, so that the mean of the metric is that of the low load.
  await new Promise((done) => setTimeout(done, 5_000))
  const startedAt = performance.now()
  load.rps = HIGH_RPS
  while (load.report().byServer.size === 2) await new Promise((done) => setTimeout(done, 10))
  const reactionMs = performance.now() - startedAt
  await load.stop()
  return reactionMs
}

const COMMAND = ['node', EXAMPLE_SERVER, '--slots', '8', '--service-ms', '50', '--start-ms', String(START_MS)]

function localFleet(): string {
  return `
    driver: local
    command: ${JSON.stringify(COMMAND)}`
}

function cloudFleet({ endpoint, vswitches }: Sandbox): string {
  return `
    driver: alicloud-ecs
    region: cn-hangzhou
    endpoint: ${endpoint}
    vswitches: ${JSON.stringify(vswitches)}
    instance-types: [ecs.c7.large]
    image: sandbox-image
    security-groups: [sg-sandbox]
    port: 8080
    user-data: SERVER_HOST=$HOST PORT=8080 exec ${COMMAND.join(' ')}`
}

function yaml(fleet: string): string {
  return `
gateway: { workers: 1 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { health: { type: http, path: /health }, fleet: api } }
fleets:
  api:${fleet}
    min: 2
    max: 8
    policies: [ { type: target, metric: in-flight-per-server, value: 8 } ]
`
}
