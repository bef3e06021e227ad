import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { Output } from './output.ts'

test('what was taken stays as it was while more is put together', () => {
  const out = new Output()
  const taken: [Buffer, string][] = []
  for (let i = 0; i < 3000; i++) {
    const text = `${i} `.repeat(1 + (i % 40))
    out.text(text)
    out.add(Buffer.from(text))
    taken.push([out.take(), text + text])
  }
  for (const [bytes, text] of taken) expect(bytes.toString()).toBe(text)
})

test('a message larger than a slab is one piece, and one that is discarded is none', () => {
  const out = new Output()
  out.text('gone')
  out.discard()
  const big = Buffer.alloc(200_000, 'x')
  out.text('a')
  out.copy(big, 1, big.length)
  out.byte(98)
  expect(out.length).toBe(200_001)
  expect(out.take().toString()).toBe(`a${'x'.repeat(199_999)}b`)
  expect(out.length).toBe(0)
})
