import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findProgram } from '../../bench/kit/processes.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { closedPort } from '../kit/traffic.ts'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('./bytes/', import.meta.url))
const varnishtest = findProgram('varnishtest')
const without = varnishtest === null ? ' (needs varnishtest)' : ''

/** Scripts of varnishtest say byte by byte who sends what when: a barrier is passed when both sides have come to it. */
describe.skipIf(varnishtest === null)(`bytes in their time${without}`, () => {
  let port = 0
  let tidegate: Tidegate

  beforeAll(async () => {
    port = await closedPort()
    tidegate = new Tidegate(`
listeners: { web: { bind: "127.0.0.1:0", pool: one } }
pools: { one: { servers: [ { address: "127.0.0.1:${port}" } ], health: { type: command, command: "true" } } }
`)
    tidegate.start()
    await tidegate.until('a healthy member', async () =>
      (await tidegate.pool('one'))?.members.every(({ state }) => state === 'healthy'),
    )
  })
  afterAll(() => tidegate[Symbol.asyncDispose]())

  test.each(readdirSync(folder))('%s', async (script) => {
    const { host } = new URL(await tidegate.url('web'))
    const given = ['-D', `port=${port}`, '-D', `gateway=${host}`, `${folder}${script}`]
    const { stdout } = await run(varnishtest!, given).catch((error: { stdout: string }) => error)
    expect(stdout).toMatch(/TEST .* passed \(/)
  })
})
