import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../bench/kit/processes.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)
// As a user's machine has it: the right Node first, whatever it takes to reach the registry, and nothing of this checkout.
const reach = Object.entries(process.env).filter(([name]) =>
  /CERT|SSL|PROXY|^npm_config_(cafile|registry)$/i.test(name),
)
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(reach),
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  HOME: process.env.HOME ?? '/',
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-package-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

// An empty cache of npm before a slow registry takes minutes.
const INSTALL_MS = 300_000

test('packed and installed into an empty folder, it runs its compiled example', {
  timeout: INSTALL_MS,
}, async () => {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT })
  const [tarball = ''] = readdirSync(folder)
  await run('npm', ['init', '--yes'], { cwd: folder, env })
  await run('npm', ['install', '--prefer-offline', '--omit=dev', `./${tarball}`], { cwd: folder, env })
  const installed = join(folder, 'node_modules/tidegate')
  expect(readdirSync(installed).sort()).toEqual([
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'bin',
    'dist',
    'docs',
    'package.json',
  ])

  const [web, admin] = [await freePort(), await freePort()]
  const example = join(installed, 'dist/examples/quickstart.yaml')
  const text = readFileSync(example, 'utf8').replace('127.0.0.1:8080', `127.0.0.1:${web}`)
  const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? []
  expect(JSON.parse(readFileSync(join(dirname(example), schema), 'utf8')).title).toBe(
    'Tidegate configuration',
  )
  writeFileSync(example, text.replace('127.0.0.1:9900', `127.0.0.1:${admin}`))
  const command = (...args: string[]) => [join(folder, 'node_modules/.bin/tidegate'), ...args, example]
  const up = spawn(process.execPath, command('up'), { cwd: folder, env, stdio: 'ignore' })
  const ended = once(up, 'exit')
  try {
    expect(await answerOf(`http://127.0.0.1:${web}/`)).toBe(200)
    const status = await run(process.execPath, command('status', '--config'), { cwd: folder, env })
    expect(status.stdout).toMatch(/^api +2 +2 +2 /m)
  } finally {
    await run(process.execPath, command('down'), { cwd: folder, env })
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
