import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { watchFiles } from './watch.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-watch-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Watches these files of the folder, and looks `seconds` times; `calls` counts the changes. */
function watching(...names: string[]) {
  const clock = new VirtualClock(0)
  const quit = new AbortController()
  const watch = {
    calls: 0,
    look: (seconds: number) => clock.advance(seconds * 1_000),
    stop: () => quit.abort(),
  }
  const files = names.map((name) => join(folder, name))
  const changed = async (): Promise<void> => void watch.calls++
  void watchFiles(() => files, changed, { clock, signal: quit.signal })
  return watch
}

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

test('tells of a change once, when it has settled', async () => {
  write('a', '1')
  const watch = watching('a')
  await watch.look(3)
  expect(watch.calls).toBe(1)
  write('a', '22')
  await watch.look(1)
  write('a', '333')
  await watch.look(1)
  expect(watch.calls).toBe(1)
  await watch.look(10)
  expect(watch.calls).toBe(2)
  watch.stop()
})

test('sees a file that takes the place of another, one that comes, and one that goes', async () => {
  write('a', '1')
  const watch = watching('a', 'b')
  await watch.look(3)
  write('a.new', '1')
  renameSync(join(folder, 'a.new'), join(folder, 'a'))
  await watch.look(3)
  expect(watch.calls).toBe(2)
  write('b', 'secret')
  await watch.look(3)
  expect(watch.calls).toBe(3)
  rmSync(join(folder, 'a'))
  await watch.look(3)
  expect(watch.calls).toBe(4)
  watch.stop()
})

test('sees a link that comes to lead elsewhere, though neither file has changed', async () => {
  write('one', '1')
  write('two', '1')
  symlinkSync('one', join(folder, 'now'))
  symlinkSync('now', join(folder, 'a'))
  const watch = watching('a')
  await watch.look(3)
  symlinkSync('two', join(folder, 'next'))
  renameSync(join(folder, 'next'), join(folder, 'now'))
  await watch.look(3)
  expect(watch.calls).toBe(2)
  watch.stop()
})
