import { expect, test } from 'vitest'
import type { Algorithm } from '../../../core/algorithm.ts'
import { KEEP_ALIVE } from '../../../core/keep-alive.ts'
import type { SnapshotPool } from '../../../core/snapshot.ts'
import { createLanes } from '../../lanes.ts'
import { Weights } from '../../weights.ts'
import { Context } from '../context.ts'
import { Pool } from './pool.ts'
import { Server } from './server.ts'

const UPSTREAM = {
  connectMs: 1_000,
  idleMs: 1_000,
  maxConnections: 10,
  maxPending: 10,
  keepAlive: KEEP_ALIVE,
}

function snapshot(algorithm: Algorithm, slots: readonly number[]): SnapshotPool {
  const members = slots.map((slot) => ({
    id: `${slot}`,
    host: '127.0.0.1',
    port: 1,
    serverSlot: slot,
    memberSlot: slot,
    draining: false,
  }))
  return { name: 'main', poolSlot: 0, algorithm, upstream: UPSTREAM, retries: 0, members }
}

/** A pool between two ticks: no time passes. */
function aPool(algorithm: Algorithm) {
  const buffers = createLanes(1)
  const weights = new Weights(buffers)
  const ctx = new Context(buffers, 0, 0)
  const pool = new Pool(ctx, () => 0.5, snapshot(algorithm, []))
  return {
    weights,
    serve: (slots: readonly number[]) => {
      for (const slot of slots) weights.set(slot, 100)
      weights.publish()
      pool.update(snapshot(algorithm, slots), (member) => new Server(ctx, member, UPSTREAM, null))
    },
    /** Whom each of a hundred keys goes to. */
    picks: () =>
      Array.from({ length: 100 }, (_, key) => pool.members[pool.pick(null, null, key * 0x9e3779)]?.id),
  }
}

test.each(['source-hash', 'round-robin'] as const)(
  '%s: who leaves gets nothing from then on, and who comes gets its part',
  (algorithm) => {
    const pool = aPool(algorithm)
    pool.serve([0, 1, 2, 3, 4])
    expect(new Set(pool.picks())).toEqual(new Set(['0', '1', '2', '3', '4']))
    pool.serve([1, 3])
    expect(new Set(pool.picks())).toEqual(new Set(['1', '3']))
    pool.serve([1, 3, 5])
    expect(new Set(pool.picks())).toEqual(new Set(['1', '3', '5']))
  },
)
