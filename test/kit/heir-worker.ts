import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { FromWorker, ToWorker, WorkerInit } from '../../src/gateway/messages.ts'

/** A gateway worker that carries nothing, tells whose sockets it has been left, and ends when it is to close idle connections. */
function serve(port: NonNullable<typeof parentPort>, { inherited }: WorkerInit): void {
  const say = (message: FromWorker) => port.postMessage(message)
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'snapshot') say({ kind: 'ack', version: message.snapshot.version, bound: {} })
    else port.close()
  })
  say({ kind: 'log', level: 'info', message: `left: ${Object.keys(inherited)}` })
  say({ kind: 'ready', bound: {} })
}

if (!isMainThread && parentPort) serve(parentPort, workerData as WorkerInit)
