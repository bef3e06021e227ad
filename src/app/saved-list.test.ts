import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readList, writeList } from './saved-list.ts'

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-list-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'deep', 'list.json')
}

test('what is written is read, and nothing where nothing was written', () => {
  const path = place()
  expect(readList(path)).toEqual([])
  writeList(path, [{ name: 'a' }])
  writeList(path, [{ name: 'b' }])
  expect(readList(path)).toEqual([{ name: 'b' }])
})

test.each(['', '{"name":"a"}', '[{"name":'])('a file that holds %j is told of with what to do', (text) => {
  const path = place()
  writeList(path, [])
  writeFileSync(path, text)
  expect(() => readList(path)).toThrow(
    expect.objectContaining({
      code: 'config.invalid',
      message: expect.stringContaining(`${path} is damaged: `),
    }),
  )
})
