import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../app/clock.ts'
import { run } from './run.ts'

afterEach(() => void vi.restoreAllMocks())

test('a command that may not be killed, as one of another user, is waited for', async () => {
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
  })
  const call = { command: ['sleep', '0.3'], cwd: '/', env: process.env, input: '', timeoutMs: 50 }
  const ran = await run(call, systemClock(), new AbortController().signal)
  expect(ran.ending).toEqual({ how: 'timeout' })
})
