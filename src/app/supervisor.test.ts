import { type ChildProcess, spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { isAlive, markOf, type ProcessMark } from './processes.ts'
import { keep } from './supervisor.ts'

function idle(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
}

test('a part that has given way to one that is gone is started again, while it lives on what it still holds', async () => {
  const former = idle()
  const mark = markOf(former.pid!)
  let named: ProcessMark | null = mark
  const adopted = Promise.withResolvers<void>()
  const started = Promise.withResolvers<ChildProcess>()
  const start = () => {
    const child = idle()
    started.resolve(child)
    return child
  }
  const quit = new AbortController()
  const info = (message: string) => message === 'gateway adopted' && adopted.resolve()
  const log = { info, warn: () => {}, error: () => {} }
  const kept = keep(
    { name: 'gateway', find: () => named, start },
    { clock: systemClock(), log, signal: quit.signal },
  )
  await adopted.promise
  named = null
  const next = await started.promise
  expect(isAlive(mark)).toBe(true)
  quit.abort()
  await kept
  expect(isAlive(markOf(next.pid!))).toBe(false)
  former.kill('SIGKILL')
})

test('a part that has ended after its successor took over is not said to be gone', async () => {
  const [former, heir] = [idle(), idle()]
  const [mark, next] = [markOf(former.pid!), markOf(heir.pid!)]
  const quit = new AbortController()
  const adopted: unknown[] = []
  const warned: string[] = []
  const log = {
    info: (_: string, about?: Record<string, unknown>) => void adopted.push(about?.pid),
    warn: (message: string) => void warned.push(message),
    error: () => {},
  }
  const part = { name: 'gateway', find: () => (isAlive(mark) ? mark : next), start: idle }
  const kept = keep(part, { clock: systemClock(), log, signal: quit.signal })
  former.kill('SIGKILL')
  await expect.poll(() => adopted.at(-1)).toBe(heir.pid)
  quit.abort()
  await kept
  expect(warned).toEqual([])
  heir.kill('SIGKILL')
})
