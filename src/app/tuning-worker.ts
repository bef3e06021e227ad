import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { study } from '../simulator/tuning/study.ts'

/** The thread of one study. On Linux a priority is a thread's own: traffic and ticks go before it. */
if (process.platform === 'linux') setPriority(19)
parentPort!.postMessage(study(workerData))
