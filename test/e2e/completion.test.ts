import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startApi } from '../../src/api/server.ts'
import { apiTools, handClock, queriesOf, recordedOrders } from '../kit/admin.ts'
import { tidegate } from '../kit/command.ts'
import { noTerminal, Terminal, tidegateWords } from '../kit/terminal.ts'

/** Completion in the real shells, each on a terminal: what is begun and completed by Tab is then run. */
const SHELLS = {
  bash: { words: ['bash', '--norc', '--noprofile', '-i'], setUp: 'eval "$(tidegate completion bash)"' },
  zsh: {
    words: ['zsh', '-f', '-i'],
    setUp: 'autoload -Uz compinit; compinit -u -D; eval "$(tidegate completion zsh)"',
  },
  fish: { words: ['fish', '-i'], setUp: 'tidegate completion fish | source' },
}
const PRE = 'READY'

let folder = ''
const closers: (() => Promise<void>)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-completion-'))
  const words = tidegateWords().map((word) => `'${word}'`)
  writeFileSync(join(folder, 'tidegate'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`)
  chmodSync(join(folder, 'tidegate'), 0o755)
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  // A shell that is ending may still write its history there.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

async function anApi() {
  const { orders, given } = recordedOrders()
  const tools = { queries: queriesOf(), orders, ...apiTools(), clock: handClock() }
  const api = await startApi({ bind: { host: '127.0.0.1', port: 0 }, ...tools })
  closers.push(api.close)
  return { url: `http://127.0.0.1:${api.bound.port}`, given }
}

describe.each(Object.entries(SHELLS))('%s', (name, { words, setUp }) => {
  const missing = noTerminal ?? (spawnSync(name, ['--version']).status === 0 ? null : `${name} is missing`)

  async function aShell() {
    const env = { HOME: folder, PATH: `${folder}:${process.env.PATH}` }
    const shell = new Terminal(words, { cwd: folder, columns: 200, env })
    // The word is put together by the shell, so that the echo of what is typed does not count.
    shell.type(`${setUp}; printf 'REA%s\\n' DY\r`)
    await shell.shows(PRE)
    return shell
  }

  test.skipIf(missing)('completes options, choices and fleets that run', async () => {
    const { url, given } = await anApi()
    await using shell = await aShell()
    shell.type(`tidegate pau\t--ap\t${url} --direction=i\tap\t\r`)
    await shell.shows('api does not scale in until')
    expect(given.map((order) => order.slice(0, 3))).toEqual([['pause', 'api', 'in']])
  })

  test.skipIf(missing)('completes commands and their words, and files', async () => {
    writeFileSync(join(folder, 'begun by me.yaml'), 'listeners: {}\n')
    await using shell = await aShell()
    shell.type('tidegate completio\tfi\t\r')
    await shell.shows('function __tidegate_complete')
    shell.type('tidegate valid\tbegu\t\r')
    await shell.shows('begun by me.yaml:1:1: ')
  })
})

test('names are left out when nobody answers, and nothing is said', async () => {
  const answer = await tidegate('complete', '--', '--api', 'http://127.0.0.1:9', 'pause', '')
  expect(answer).toEqual({ code: 0, out: '', err: '' })
})
