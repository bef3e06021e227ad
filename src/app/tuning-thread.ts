import { Worker } from 'node:worker_threads'
import { Fault, messageOf } from '../core/fault.ts'
import type { Millis } from '../core/time.ts'
import type { Tuner, TuningQuestion, TuningStudy } from '../core/tuning.ts'

const ENTRY = new URL(`./tuning-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
/** A study that takes longer is given up. */
const LONGEST_MS: Millis = 15 * 60_000
/** What a study may hold, in MB: some weeks of load and what came of them take a tenth of it. */
const MOST_MB = 256

export interface TunerOptions {
  readonly entry?: URL
  readonly longestMs?: Millis
}

/** Studies one after another, each in a thread of its own that ends with it: a fleet is studied once a night, and nothing of it is held by day. */
export function threadTuner({ entry = ENTRY, longestMs = LONGEST_MS }: TunerOptions = {}): Tuner {
  let last: Promise<unknown> = Promise.resolve()
  return {
    study(question, signal) {
      const next = last.then(() =>
        inThread(entry, question, AbortSignal.any([signal, AbortSignal.timeout(longestMs)])),
      )
      last = next.catch(() => {})
      return next
    },
  }
}

async function inThread(entry: URL, question: TuningQuestion, signal: AbortSignal): Promise<TuningStudy> {
  if (signal.aborted) throw failed('it was given up')
  const worker = new Worker(entry, {
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MB },
  })
  try {
    return await new Promise<TuningStudy>((done, lost) => {
      worker.once('message', done)
      worker.once('error', (error) => lost(failed(messageOf(error))))
      worker.once('exit', () => lost(failed('its thread has ended')))
      signal.addEventListener('abort', () => lost(failed('it was given up')), { once: true })
    })
  } finally {
    await worker.terminate()
  }
}

function failed(why: string): Fault {
  return new Fault('internal', `no study of settings: ${why}`, { source: 'internal', retry: 'yes' })
}
