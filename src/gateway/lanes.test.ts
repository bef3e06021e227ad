import { expect, test } from 'vitest'
import { latencyBucket } from '../core/latency.ts'
import {
  createLanes,
  LaneReader,
  LISTENER,
  LISTENER_SLOTS,
  MEMBER,
  MEMBER_SLOTS,
  openLane,
  POOL,
  POOL_SLOTS,
  SERVER_SLOTS,
} from './lanes.ts'
import { Weights } from './weights.ts'

test('a reader sees the sum of all lanes', () => {
  const buffers = createLanes(2)
  const [one, two] = [openLane(buffers, 0), openLane(buffers, 1)]
  const reader = new LaneReader(buffers)
  one.addServer(3, 1, 2)
  two.addServer(3, 4, 8)
  one.addMember(7, MEMBER.bytesSent, 2 ** 40)
  two.addMember(7, MEMBER.bytesSent, 1)
  one.addMemberInFlight(7, 1)
  two.setFailuresInRow(7, 5)
  expect(reader.serverInFlight(3)).toBe(5)
  expect(reader.serverConnections(3)).toBe(10)
  expect(reader.member(7, MEMBER.bytesSent)).toBe(2 ** 40 + 1)
  expect(reader.memberInFlight(7)).toBe(1)
  expect([reader.failuresInRow(0, 7), reader.failuresInRow(1, 7), two.failuresInRow(7)]).toEqual([0, 5, 5])
})

test('the last slot of each kind touches no neighbour', () => {
  const buffers = createLanes(1)
  const lane = openLane(buffers, 0)
  const reader = new LaneReader(buffers)
  lane.addServer(SERVER_SLOTS - 1, 1, 1)
  lane.addMemberInFlight(0, 10)
  lane.countAnswer(MEMBER_SLOTS - 1, 599, 1e9)
  lane.setFailuresInRow(MEMBER_SLOTS - 1, 2)
  lane.addPool(0, POOL.requests, 1)
  lane.addPool(POOL_SLOTS - 1, POOL.retries, 3)
  lane.addListener(0, LISTENER.accepted, 1)
  lane.addListener(LISTENER_SLOTS - 1, LISTENER.rejected, 4)
  lane.addListenerConnections(0, 1)
  lane.addListenerConnections(LISTENER_SLOTS - 1, 5)
  expect(reader.serverConnections(SERVER_SLOTS - 1)).toBe(1)
  expect(reader.memberInFlight(0)).toBe(10)
  expect(reader.memberStatuses(MEMBER_SLOTS - 1)).toEqual([0, 0, 0, 0, 1])
  expect(reader.memberLatency(MEMBER_SLOTS - 1).at(-1)).toBe(1)
  expect(reader.pool(0, POOL.requests)).toBe(1)
  expect(reader.pool(POOL_SLOTS - 1, POOL.retries)).toBe(3)
  expect(reader.listener(0, LISTENER.accepted)).toBe(1)
  expect(reader.listener(LISTENER_SLOTS - 1, LISTENER.rejected)).toBe(4)
  expect(reader.listenerConnections(0)).toBe(1)
  expect(reader.listenerConnections(LISTENER_SLOTS - 1)).toBe(5)
})

test('answers are counted by status class and latency bucket', () => {
  const buffers = createLanes(1)
  const reader = new LaneReader(buffers)
  openLane(buffers, 0).countAnswer(0, 404, 3)
  expect(reader.memberStatuses(0)).toEqual([0, 0, 0, 1, 0])
  expect(reader.memberLatency(0).indexOf(1)).toBe(latencyBucket(3))
  expect(reader.member(0, MEMBER.latencySumMs)).toBe(3)
})

test('a dead worker’s counters stay, its gauges go', () => {
  const buffers = createLanes(2)
  const reader = new LaneReader(buffers)
  const lane = openLane(buffers, 1)
  lane.addMember(0, MEMBER.requests, 9)
  lane.addServer(0, 2, 2)
  reader.retireLane(1)
  expect(reader.member(0, MEMBER.requests)).toBe(9)
  expect(reader.serverInFlight(0)).toBe(0)
  lane.addMember(0, MEMBER.requests, 1)
  expect(reader.member(0, MEMBER.requests)).toBe(10)
})

test('the next owner of a slot starts at zero', () => {
  const buffers = createLanes(1)
  const reader = new LaneReader(buffers)
  const lane = openLane(buffers, 0)
  lane.countAnswer(5, 200, 1)
  lane.addPool(5, POOL.requests, 2)
  lane.addListener(5, LISTENER.accepted, 2)
  reader.restartMember(5)
  reader.restartPool(5)
  reader.restartListener(5)
  lane.countAnswer(5, 200, 1)
  expect(reader.memberStatuses(5)).toEqual([0, 1, 0, 0, 0])
  expect(reader.pool(5, POOL.requests)).toBe(0)
  expect(reader.listener(5, LISTENER.accepted)).toBe(0)
})

test('published weights are seen by every thread with a new generation', () => {
  const buffers = createLanes(1)
  const [main, worker] = [new Weights(buffers), new Weights(buffers)]
  const before = worker.generation
  main.set(MEMBER_SLOTS - 1, 100)
  main.publish()
  expect(worker.get(MEMBER_SLOTS - 1)).toBe(100)
  expect(worker.generation).not.toBe(before)
})
