import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startApi } from '../../src/api/server.ts'
import { aMember, aPool, apiTools, handClock, queriesOf, recordedOrders } from '../kit/admin.ts'
import { noTerminal, Terminal, tidegateWords } from '../kit/terminal.ts'

/** `status --watch` as a process, against the API that it is written for. */
const PROGRAM = resolve(import.meta.dirname, '../../bin/tidegate.js')
const LEFT = '\u001b[?7h\u001b[?25h\u001b[?1049l'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function anApi(port = 0, members = 1) {
  const pools = [aPool({ members: Array.from({ length: members }, (_, at) => aMember({ id: `api-${at}` })) })]
  const queries = { ...queriesOf(), pools: async () => pools }
  const tools = { queries, orders: recordedOrders().orders, ...apiTools(), clock: handClock() }
  const api = await startApi({ bind: { host: '127.0.0.1', port }, ...tools })
  closers.push(api.close)
  return { port: api.bound.port, url: `http://127.0.0.1:${api.bound.port}`, close: api.close }
}

test.skipIf(noTerminal)('draws in place, over a restart of the controller, until Ctrl-C', async () => {
  const first = await anApi()
  await using terminal = new Terminal(tidegateWords('status', '--watch', '--api', first.url), {
    cwd: tmpdir(),
  })
  await terminal.shows('\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[H')
  await terminal.shows('api-0')
  await first.close()
  await terminal.shows(`no Tidegate answers at ${first.url}`)
  await terminal.shows('as it was at ')
  const from = terminal.output.length
  await anApi(first.port, 2)
  await terminal.shows('api-1', from)
  expect(terminal.output).not.toContain(LEFT)
  terminal.type('\u0003')
  expect(await terminal.code()).toBe(130)
  expect(terminal.output.endsWith(LEFT)).toBe(true)
})

test.skipIf(noTerminal)('more than the screen holds is cut, and it says so', async () => {
  const { url } = await anApi(0, 30)
  await using terminal = new Terminal(tidegateWords('status', '--watch', '--api', url), {
    cwd: tmpdir(),
    rows: 12,
  })
  await terminal.shows(/\.\.\. \d+ more lines; this window has 12 rows/)
  expect(terminal.output).not.toContain('api-29')
  terminal.type('\u0003')
  expect(await terminal.code()).toBe(130)
})

test.each([
  ['text', [], /^FLEET.*^pool api.*^\nFLEET/ms],
  ['JSON, a line each', ['--json'], /^\{"fleets":.*\}\n\{"fleets":.*\}\n/],
])('on a pipe one block after the other: %s', async (_name, options, pattern) => {
  const { url } = await anApi()
  const args = [PROGRAM, 'status', '--watch', '--api', url, ...options]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk
    if (pattern.test(text)) break
  }
  expect(text).toMatch(pattern)
  expect(text).not.toContain('\u001b')
  child.kill('SIGINT')
  await once(child, 'exit')
})
