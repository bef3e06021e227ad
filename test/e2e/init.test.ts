import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../bench/kit/processes.ts'
import { tidegate } from '../kit/command.ts'

const PROGRAM = resolve(import.meta.dirname, '../../bin/tidegate.js')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-init-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what `init --yes` writes runs and answers', async () => {
  const [web, admin] = [await freePort(), await freePort()]
  const file = join(folder, 'tidegate.yaml')
  expect(await tidegate('init', file, '--yes', '--port', String(web))).toMatchObject({ code: 0, err: '' })
  // The one value that no option sets, and that another test may hold.
  writeFileSync(file, readFileSync(file, 'utf8').replace('127.0.0.1:9900', `127.0.0.1:${admin}`))
  const up = spawn(process.execPath, [PROGRAM, 'up', file], { stdio: 'ignore' })
  const ended = once(up, 'exit')
  try {
    expect(await answerOf(`http://127.0.0.1:${web}/`)).toBe(200)
    expect((await tidegate('status', '--config', file)).out).toMatch(/^app +2 +2 +2 /m)
  } finally {
    await tidegate('down', file)
  }
  expect(await ended).toEqual([0, null])
})

/** The first answer that is not the gateway's own. A deadline of the test ends a hang. */
async function answerOf(url: string): Promise<number> {
  for (;;) {
    const answer = await fetch(url).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok) return answer.status
    await sleep(100)
  }
}
