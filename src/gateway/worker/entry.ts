import { parentPort, workerData } from 'node:worker_threads'
import type { FromWorker, ToWorker, WorkerInit } from '../messages.ts'
import { TrafficServer } from './traffic-server.ts'

/** A worker thread: the gateway's main thread tells it what to serve. */
const port = parentPort!
const init = workerData as WorkerInit
const server = new TrafficServer(init.buffers, init.index, Math.random, init)
const TELL_DROPS_MS = 10_000
/** Snapshots are applied one after the other, whatever order their sockets open in. */
let applied: Promise<void> = Promise.resolve()

function say(message: FromWorker): void {
  port.postMessage(message)
}

async function apply(snapshot: WorkerInit['snapshot']): Promise<void> {
  for (const failure of await server.apply(snapshot)) say({ kind: 'listen-failed', ...failure })
}

function hear(message: ToWorker): void {
  switch (message.kind) {
    case 'snapshot':
      applied = applied
        .then(() => apply(message.snapshot))
        .then(() => say({ kind: 'ack', version: message.snapshot.version, bound: server.bound }))
      return
    case 'close-idle':
      server.closeIdle(message.serverSlots)
      say({ kind: 'idle-closed', id: message.id })
      return
    case 'descriptors':
      say({ kind: 'descriptors', id: message.id, sockets: server.descriptors() })
      return
    case 'purge':
      say({ kind: 'purged', id: message.id, count: server.purge(message.what) })
      return
    case 'drain':
      if (server.context.draining) {
        void server.drain(message.withinMs)
        return
      }
      applied = applied
        .then(() => server.drain(message.withinMs, message.gentle))
        .then(() => {
          say({ kind: 'drained' })
          port.close()
        })
      return
    default:
      message satisfies never
      return
  }
}

function tellDrops(): void {
  const dropped = server.context.accessLog?.takeDropped() ?? 0
  if (dropped === 0) return
  say({
    kind: 'log',
    level: 'warn',
    message: `The access log could not keep up or be written: ${dropped} lines lost`,
  })
}

server.context.log = (message) => say({ kind: 'log', level: 'warn', message })
setInterval(tellDrops, TELL_DROPS_MS).unref()
port.on('message', hear)
applied = apply(init.snapshot).then(() => say({ kind: 'ready', bound: server.bound }))
