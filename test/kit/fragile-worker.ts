import { BroadcastChannel, isMainThread, workerData } from 'node:worker_threads'

/** A gateway worker that fails on command: `{ index, how: 'throw' | 'exit' | 'heap' }` on the channel `fragile`. */
export interface Fate {
  readonly index: number
  readonly how: 'throw' | 'exit' | 'heap'
}

if (!isMainThread) {
  await import('../../src/gateway/worker/entry.ts')
  const channel = new BroadcastChannel('fragile') as unknown as EventTarget & { unref(): void }
  channel.unref()
  channel.addEventListener('message', (event) => {
    const fate = (event as Event & { data: Fate }).data
    if (fate.index === workerData.index) meet(fate.how)
  })
}

function meet(how: Fate['how']): void {
  if (how === 'exit') process.exit(3)
  if (how === 'throw') {
    setImmediate(() => {
      throw new Error('told to fail')
    })
    return
  }
  const hoard: number[][] = []
  for (;;) hoard.push(new Array(100_000).fill(hoard.length))
}
