import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { BalancerSummary } from '../../src/core/admin.ts'
import type { Page } from '../../src/core/api.ts'
import type { Event } from '../../src/core/store.ts'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'

const LONG_MS = 60_000
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** One of so many of its answers is a 500. */
async function serving(oneOf = Number.POSITIVE_INFINITY): Promise<string> {
  let nth = 0
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(request.url !== '/health' && ++nth % oneOf === 0 ? 500 : 200).end('hello')
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The times of a busy machine are not judged here. */
function file(stable: string, canary: string): string {
  const check = 'health: { type: http, path: /health, interval: 1s }'
  return `
gateway: { workers: 2 }
listeners:
  web:
    bind: "127.0.0.1:0"
    rules:
      - { pool: old, canary: { pool: new, name: shop, step: 25%, interval: 2s, min-requests: 40, success-drop: 5%, p95-rise: 100% } }
pools:
  old: { servers: [ { address: "${stable}" } ], ${check} }
  new: { servers: [ { address: "${canary}" } ], ${check} }
`
}

async function started(tidegate: Tidegate) {
  tidegate.start()
  for (const pool of ['old', 'new'])
    await tidegate.until(`healthy members of ${pool}`, async () =>
      (await tidegate.pool(pool))?.members.every(({ state }) => state === 'healthy'),
    )
  const load = new Load(await tidegate.url(), 100)
  const seen = async () =>
    (await tidegate.get<Page<BalancerSummary>>('/balancers'))?.items.flatMap(({ canaries }) => canaries)[0]
  const phase = (phase: string) =>
    tidegate.until(
      `the canary to be ${phase}`,
      async () => {
        const canary = await seen()
        return canary?.phase === phase && canary
      },
      LONG_MS,
    )
  return { load, seen, phase }
}

test('a good canary gets all of the traffic, over a crash of the controller, and no request fails', async () => {
  await using tidegate = new Tidegate(file(await serving(), await serving()))
  const { load, seen, phase } = await started(tidegate)
  await tidegate.until('a second step', async () => ((await seen())?.share ?? 0) >= 0.5, LONG_MS)
  const before = tidegate.controller!
  process.kill(before.pid, 'SIGKILL')
  await tidegate.successor('controller', before)
  expect(await phase('promoted')).toMatchObject({ share: 1 })
  expect((await load.stop()).failed).toEqual([])
  const { items } = (await tidegate.get<Page<Event>>('/events?limit=500'))!
  const told = items.map(({ text }) => text).filter((text) => text.startsWith('canary '))
  expect(told.filter((text) => text.includes('it begins'))).toHaveLength(1)
  expect(told.at(-1)).toContain('promoted, 100 % of the requests of old go to new: success 100 %')
})

test('a bad one is rolled back and says why; an order begins it anew', async () => {
  await using tidegate = new Tidegate(file(await serving(), await serving(2)))
  const { load, phase } = await started(tidegate)
  const cli = (...args: string[]) => tidegate.cli(...args, '--config', tidegate.file)
  const back = await phase('rolled-back')
  expect(back).toMatchObject({ share: 0 })
  expect(back.says).toMatch(/^success \d+(\.\d+)? % against 100 %$/)
  expect((await cli('status')).stdout).toContain('canary shop: rolled-back, 0 % of the requests of old')
  expect(await cli('canary', 'shop', 'resume')).toMatchObject({ code: 0 })
  // What it is now may be over before anybody looks.
  const told = async (phase: string) =>
    (await tidegate.get<Page<Event>>('/events?limit=500'))?.items.filter(({ text }) =>
      text.startsWith(`canary shop: ${phase}`),
    ).length
  await tidegate.until(
    'the canary to begin anew and to be rolled back again',
    async () => (await told('progressing'))! > 1 && (await told('rolled-back'))! > 1,
    LONG_MS,
  )
  expect((await cli('canary', 'nobody', 'hold')).stderr).toContain('there are: shop')
  await load.stop()
})
