import { parentPort } from 'node:worker_threads'
import { forecastOf } from '../../scaling/forecast/forecast.ts'
import type { Asked } from './thread.ts'

/** The thread that forecasts: however long it takes, no tick waits for it. */
parentPort!.on('message', ({ id, load, now, aheadMs }: Asked) => {
  parentPort!.postMessage({ id, forecast: forecastOf(load, now, aheadMs) })
})
