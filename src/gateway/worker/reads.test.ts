import { expect, test } from 'vitest'
import { ReadBuffers, Reads } from './reads.ts'

/** Lets the connection read `bytes` into what it holds, as the system does; gives what it was read into. */
function read(reads: Reads, bytes: number): Buffer {
  const { buffer, callback } = reads.onread
  const into = (buffer as () => Buffer)()
  callback(Math.min(bytes, into.length), into)
  return into
}
const nextOf = (reads: Reads): Buffer => (reads.onread.buffer as () => Buffer)()

test('a busy connection reads into a large buffer, and gives it back when it is quiet', () => {
  const buffers = new ReadBuffers()
  const reads = new Reads(buffers)
  expect(nextOf(reads)).toHaveLength(4096)
  read(reads, 4096)
  const large = nextOf(reads)
  expect(large).toHaveLength(65_536)
  expect(read(reads, 65_536)).toBe(large)
  expect(nextOf(reads)).toBe(large)
  read(reads, 10_000)
  expect(nextOf(reads)).toBe(large)
  read(reads, 100)
  expect(nextOf(reads)).toHaveLength(4096)
  expect(buffers.take()).toBe(large)
})

test('memory that is still to be written is not read into before it is settled', () => {
  const buffers = new ReadBuffers()
  const reads = new Reads(buffers)
  read(reads, 4096)
  reads.sink = () => 'lent'
  const lent = read(reads, 65_536)
  reads.sink = () => 'free'
  for (let nth = 0; nth < 3; nth++) expect(read(reads, 65_536)).not.toBe(lent)
  expect(buffers.take()).not.toBe(lent)
  reads.settle()
  expect(buffers.take()).toBe(lent)
})
