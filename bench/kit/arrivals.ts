import { Agent, request } from 'node:http'
import type { Millis, Rng } from '../../src/core/time.ts'

const TOO_LONG_MS: Millis = 10_000

/** One request and its answer; times in ms. */
export interface Answered {
  /** When it was due, since the start. */
  readonly dueMs: Millis
  /** From then on until the answer was whole, or it failed. */
  readonly tookMs: Millis
  /** How long it waited for a slot of its server and had one; 0 where nobody tells. */
  readonly waitedMs: Millis
  readonly servedMs: Millis
  readonly isOk: boolean
}

export interface Arriving {
  /** Asked in turn. */
  readonly urls: readonly string[]
  /** Requests a second so long after the start; null = it is over. */
  readonly rate: (sinceMs: Millis) => number | null
  readonly rng: Rng
}

/** Poisson arrivals, in an open loop: they come whatever the answers do. Each asks for a path of its own. */
export async function arrive({ urls, rate, rng }: Arriving): Promise<readonly Answered[]> {
  const agent = new Agent({ keepAlive: true })
  const answers: Promise<Answered>[] = []
  const startedAt = performance.now()
  let dueMs = 0
  for (;;) {
    const rps = rate(dueMs)
    if (rps === null) break
    dueMs += (-Math.log(1 - rng()) * 1000) / rps
    const earlyMs = startedAt + dueMs - performance.now()
    if (earlyMs > 1) await new Promise((done) => setTimeout(done, earlyMs))
    const path = new URL(`/${Math.floor(rng() * 1e9)}`, urls[answers.length % urls.length])
    answers.push(ask(path, agent, { dueMs, startedAt }))
  }
  const all = await Promise.all(answers)
  agent.destroy()
  return all
}

function ask(
  url: URL,
  agent: Agent,
  { dueMs, startedAt }: { readonly dueMs: Millis; readonly startedAt: number },
): Promise<Answered> {
  return new Promise((done) => {
    const end = (isOk: boolean, [waitedMs, servedMs] = [0, 0]) =>
      done({ dueMs, tookMs: performance.now() - startedAt - dueMs, waitedMs, servedMs, isOk })
    const signal = AbortSignal.timeout(TOO_LONG_MS)
    const asked = request(url, { agent, signal }, (answer) => {
      const times = ['x-waited-ms', 'x-served-ms'].map((name) => Number(answer.headers[name] ?? 0))
      answer.resume()
      answer.on('error', () => end(false))
      answer.on('close', () => end(answer.complete && answer.statusCode === 200, times as [number, number]))
    })
    asked.on('error', () => end(false))
    asked.end()
  })
}

/** Nearest rank; NaN of nothing. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
