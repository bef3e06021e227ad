import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../../bench/kit/processes.ts'
import { EXAMPLES, processesWith } from '../kit/tidegate.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidegate-e2e-'))
let demo: ChildProcess | null = null
afterEach(() => {
  for (const pid of processesWith(`TMPDIR=${folder}`)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(process.platform !== 'linux')(
  'npm run start:alicloud buys servers, sends them traffic, tells the bill, and leaves nothing after Ctrl-C (needs Linux)',
  async () => {
    const [listen, admin] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]
    // A group of its own, as a terminal gives it.
    demo = spawn(process.execPath, [join(EXAMPLES, 'alicloud.ts'), '--listen', listen, '--admin', admin], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let output = ''
    for (const stream of [demo.stdout!, demo.stderr!]) stream.on('data', (chunk) => (output += chunk))
    const shown = /ok [1-9]\d* {2}failed 0 .* 2 serving {2}bill 0\.0[0-9]*[1-9] yuan/
    await expect.poll(() => output, { timeout: 100_000, interval: 100 }).toMatch(shown)
    const ended = once(demo, 'exit')
    process.kill(-demo.pid!, 'SIGINT')
    await ended
    expect(output).toMatch(/the bill of the sandbox: 0\.0\d+ yuan\n$/)
    expect(processesWith(`TMPDIR=${folder}`)).toEqual([])
    expect(readdirSync(folder)).toEqual([])
  },
)
