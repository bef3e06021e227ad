import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify, stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { findProgram } from '../../bench/kit/processes.ts'
import { Answerer } from '../kit/answerer.ts'
import { Tidegate } from '../kit/tidegate.ts'

const run = promisify(execFile)
const unable = findProgram('slowhttptest') === null ? ' (needs slowhttptest)' : ''

/** Few enough that the limit of connections turns nobody away: it is time limits that must free them. */
const CONNECTIONS = 200
const COMMON = ['-c', `${CONNECTIONS}`, '-r', `${CONNECTIONS}`, '-l', '4', '-i', '1', '-p', '10']
const ATTACKS = {
  'slow heads': ['-H'],
  'slow bodies': ['-B', '-s', '8192'],
  'slow readers': ['-X', '-w', '1', '-y', '2', '-n', '5', '-z', '1'],
}

test.skipIf(unable !== '').each(Object.entries(ATTACKS))(
  `%s of slowhttptest take the gateway away from nobody${unable}`,
  async (_, attack) => {
    await using server = await Answerer.start()
    await using tidegate = new Tidegate(`
gateway: { workers: 1 }
listeners:
  web:
    bind: "127.0.0.1:0"
    pool: api
    limits: { first-byte: 1s, header-time: 1s, body-time: 1s, idle: 1s }
pools:
  api: { servers: [ { address: "${server.address}" } ] }
`)
    tidegate.start()
    const url = await tidegate.url()
    await tidegate.until('an answer', async () => (await fetch(url)).status === 200)
    let running = true
    const attacking = run('slowhttptest', [...attack, ...COMMON, '-u', url]).finally(() => {
      running = false
    })
    const statuses: number[] = []
    while (running) {
      statuses.push((await fetch(url, { headers: { connection: 'close' } })).status)
      await sleep(20)
    }
    const { stdout } = await attacking
    expect(stripVTControlCharacters(stdout)).toMatch(/service available:\s+YES/)
    expect(new Set(statuses)).toEqual(new Set([200]))
  },
)
