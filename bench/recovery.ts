import { EXAMPLE_SERVER, Tidegate } from '../test/kit/tidegate.ts'
import { median, rounded, spread } from './kit/numbers.ts'

const ROUNDS = 7

/** From `kill -9` of the gateway to its first answer again, by its last snapshot on disk. */
export async function benchRecovery(): Promise<object> {
  await using tidegate = new Tidegate(yaml())
  tidegate.start()
  await tidegate.serving(2)
  const url = await tidegate.url()
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await measure(tidegate, url))
    // The supervisor backs off from a process that keeps dying; each round is to be a first death.
    await new Promise((done) => setTimeout(done, STEADY_MS))
  }
  return {
    name: 'recovery',
    gatewayMs: rounded(median(rounds)),
    targetMs: 1_000,
    spread: rounded(spread(rounds)),
    rounds: rounds.map((ms) => Math.round(ms)),
  }
}

/** Above the time after which the supervisor takes a process for steady. */
const STEADY_MS = 31_000

async function measure(tidegate: Tidegate, url: string): Promise<number> {
  const old = tidegate.gateway!
  const startedAt = performance.now()
  process.kill(old.pid, 'SIGKILL')
  for (;;) {
    const answer = await fetch(url).catch(() => null)
    await answer?.arrayBuffer().catch(() => {})
    if (answer?.headers.has('x-server')) return performance.now() - startedAt
    await new Promise((done) => setTimeout(done, 5))
  }
}

function yaml(): string {
  return `
gateway: { workers: 2 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { health: { type: http, path: /health }, fleet: api } }
fleets:
  api:
    driver: local
    command: ${JSON.stringify(['node', EXAMPLE_SERVER])}
    min: 2
    max: 2
`
}
