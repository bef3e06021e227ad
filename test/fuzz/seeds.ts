import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { storyOf } from './draw.ts'
import { Run } from './run.ts'
import type { Violation } from './watch.ts'

/** What a story came to. */
export interface Lived {
  readonly seed: number
  readonly ticks: number
  readonly violations: readonly Violation[]
}

/** Lives the stories of these seeds in so many threads, until one fails. What it gives is in no order. */
export async function livedBy(first: number, count: number, jobs: number): Promise<readonly Lived[]> {
  const all: Lived[] = []
  let next = first
  const work = async (): Promise<void> => {
    const worker = new Worker(import.meta.filename)
    const { promise: failed, reject } = Promise.withResolvers<never>()
    worker.on('error', reject)
    while (next < first + count) {
      const asked = Promise.withResolvers<Lived>()
      worker.once('message', asked.resolve)
      worker.postMessage(next++)
      const lived = await Promise.race([asked.promise, failed])
      all.push(lived)
      if (lived.violations.length > 0) next = Number.POSITIVE_INFINITY
    }
    await worker.terminate()
  }
  await Promise.all(Array.from({ length: Math.min(jobs, count) }, work))
  return all
}

/** One after the other, as they are asked for. */
if (!isMainThread)
  parentPort?.on('message', async (seed: number) => {
    const run = new Run(storyOf(seed))
    await run.live()
    const { ticks, violations } = run.watch
    parentPort?.postMessage({ seed, ticks, violations } satisfies Lived)
  })
