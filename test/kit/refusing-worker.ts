import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { Snapshot } from '../../src/core/snapshot.ts'
import type { FromWorker, ToWorker, WorkerInit } from '../../src/gateway/messages.ts'

/** A gateway worker that carries nothing, cannot open a listener named `refused`, and logs the slots of each snapshot. */
function serve(port: NonNullable<typeof parentPort>, init: WorkerInit): void {
  const say = (message: FromWorker) => port.postMessage(message)
  const apply = ({ listeners, pools }: Snapshot) => {
    const members = pools.flatMap((pool) => pool.members)
    say({ kind: 'log', level: 'info', message: `slots ${members.map((member) => member.memberSlot)}` })
    if (listeners.some(({ name }) => name === 'refused'))
      say({ kind: 'listen-failed', listener: 'refused', message: 'no' })
  }
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'drain') port.close()
    if (message.kind === 'close-idle') say({ kind: 'idle-closed', id: message.id })
    if (message.kind !== 'snapshot') return
    apply(message.snapshot)
    say({ kind: 'ack', version: message.snapshot.version, bound: {} })
  })
  apply(init.snapshot)
  say({ kind: 'ready', bound: {} })
}

if (!isMainThread && parentPort) serve(parentPort, workerData as WorkerInit)
