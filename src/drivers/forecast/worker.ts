import { parentPort } from 'node:worker_threads'
import { forecastOf } from '../../scaling/forecast/forecast.ts'
import type { Answered, Asked } from './thread.ts'

/** The thread that forecasts: however long it takes, no tick waits for it. */
parentPort!.on('message', ({ id, load, about }: Asked) => {
  const answer: Answered = { id, foretold: forecastOf(load, about, about.experience) }
  parentPort!.postMessage(answer)
})
