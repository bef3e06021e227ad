import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { lastLines, newLines, type Place } from './tail.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidegate-tail-'))
const path = join(folder, 'x.log')
afterAll(() => rmSync(folder, { recursive: true }))

test('gives the last lines of a file of any length', async () => {
  const many = Array.from({ length: 50_000 }, (_none, n) => `line ${n}`)
  writeFileSync(path, `${many.join('\n')}\n`)
  expect((await lastLines(path, 3)).lines).toEqual(many.slice(-3))
  expect((await lastLines(path, 60_000)).lines).toEqual(many)
  expect((await lastLines(path, 0)).lines).toEqual([])
  expect((await lastLines(join(folder, 'none'), 3)).lines).toEqual([])
})

test('goes on line by line, whatever the pieces are that it is written in', async () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 8 }))
  await fc.assert(
    fc.asyncProperty(text, async (pieces) => {
      writeFileSync(path, 'first\nhalf ')
      const start = await lastLines(path, 10)
      let place: Place | null = start.place
      const seen: string[] = [...start.lines]
      for (const piece of pieces) {
        appendFileSync(path, piece)
        const more = await newLines(path, place)
        place = more.place
        seen.push(...more.lines)
      }
      expect(seen).toEqual(`first\nhalf ${pieces.join('')}`.split('\n').slice(0, -1))
    }),
    { numRuns: 30 },
  )
})

test('begins anew with a file that was emptied or has taken the place of another', async () => {
  writeFileSync(path, 'one\ntwo\n')
  let { place } = await lastLines(path, 0)
  truncateSync(path)
  appendFileSync(path, 'three\n')
  const emptied = await newLines(path, place)
  expect(emptied.lines).toEqual(['three'])
  place = emptied.place
  renameSync(path, `${path}.1`)
  writeFileSync(path, 'four, longer than all before\n')
  expect((await newLines(path, place)).lines).toEqual(['four, longer than all before'])
})
