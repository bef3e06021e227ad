import { expect, test } from 'vitest'
import { ReadBuffers, Reads } from './reads.ts'

/** Lets the connection read `bytes` into what it holds, as the system does; gives what it was read into. */
function read(reads: Reads, bytes: number): Buffer {
  const { callback } = reads.onread
  const into = nextOf(reads)
  callback(Math.min(bytes, into.length), into)
  return into
}
const nextOf = (reads: Reads): Buffer => (reads.onread.buffer as () => Buffer)()

test('quiet connections share a buffer, and what they read is theirs', () => {
  const buffers = new ReadBuffers()
  const [one, other] = [new Reads(buffers), new Reads(buffers)]
  const got: Buffer[] = []
  one.sink = other.sink = (bytes) => {
    got.push(bytes)
    return 'kept'
  }
  for (const [nth, reads] of [one, other, one].entries()) {
    buffers.shared.fill(nth)
    expect(read(reads, 4096)).toBe(buffers.shared)
  }
  expect(got.map((bytes) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual([
    [4096, 0, 0],
    [4096, 1, 1],
    [4096, 2, 2],
  ])
})

test('a busy connection has a buffer of its own, and gives it back when it is quiet', () => {
  const buffers = new ReadBuffers()
  const reads = new Reads(buffers)
  const got: Buffer[] = []
  reads.sink = (bytes) => {
    got.push(Buffer.from(bytes))
    return 'free'
  }
  buffers.shared.fill('a')
  read(reads, 4097)
  const own = nextOf(reads)
  expect(own).not.toBe(buffers.shared)
  own.fill('b')
  expect(read(reads, 65_536)).toBe(own)
  expect(nextOf(reads)).toBe(own)
  read(reads, 10_000)
  expect(nextOf(reads)).toBe(own)
  read(reads, 100)
  expect(nextOf(reads)).toBe(buffers.shared)
  expect(buffers.take()).toBe(own)
  expect(got.map((bytes) => `${bytes.length} ${bytes.toString('latin1', 0, 1)}`)).toEqual([
    '4097 a',
    '65536 b',
    '10000 b',
    '100 b',
  ])
})

test('memory that is still to be written is not read into before it is settled', () => {
  const buffers = new ReadBuffers()
  const reads = new Reads(buffers)
  read(reads, 5000)
  reads.sink = () => 'lent'
  const lent = read(reads, 65_536)
  reads.sink = () => 'free'
  for (let nth = 0; nth < 3; nth++) expect(read(reads, 65_536)).not.toBe(lent)
  expect(buffers.take()).not.toBe(lent)
  reads.settle()
  expect(buffers.take()).toBe(lent)
})
