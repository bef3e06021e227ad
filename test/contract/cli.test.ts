import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startApi } from '../../src/api/server.ts'
import { httpClient } from '../../src/cli/client.ts'
import { Fault } from '../../src/core/fault.ts'
import type { Event } from '../../src/core/store.ts'
import { aFleet, anEvent, apiTools, handClock, queriesOf, recordedOrders } from '../kit/admin.ts'
import { tidegate } from '../kit/command.ts'

/** The command line's client against the API that it is written for, and the program as a process. */
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function aPair(journal: Event[] = []) {
  const clock = handClock()
  const { orders, given } = recordedOrders()
  const queries = queriesOf({ journal })
  const api = await startApi({ bind: { host: '127.0.0.1', port: 0 }, queries, orders, ...apiTools(), clock })
  closers.push(api.close)
  const interrupt = new AbortController()
  const url = `http://127.0.0.1:${api.bound.port}`
  return {
    api,
    url,
    clock,
    orders,
    given,
    interrupt,
    client: httpClient({ url, token: null }, { by: 'cli:ann', signal: interrupt.signal }),
  }
}

test('reads, orders and follows', async () => {
  const { client, given } = await aPair([anEvent(1), anEvent(2, 'zwölf 潮')])
  expect(await client.get('/api/v1/fleets/api')).toEqual(aFleet())
  expect(await client.send('PUT', '/api/v1/fleets/api/desired', { desired: 5, untilAt: null })).toMatchObject(
    { desired: 5 },
  )
  expect(given).toEqual([['pin', 'api', 5, null, 'cli:ann']])
  const stream = client.events(0)[Symbol.asyncIterator]()
  expect([await stream.next(), await stream.next()].map(({ value }) => value)).toEqual([
    anEvent(1),
    anEvent(2, 'zwölf 潮'),
  ])
  await stream.return?.()
})

test('a stream ends when the API goes and throws when it is interrupted', async () => {
  const { client, api } = await aPair([anEvent(1)])
  const stream = client.events(0)[Symbol.asyncIterator]()
  await stream.next()
  await api.close()
  expect((await stream.next()).done).toBe(true)
  const other = await aPair()
  other.interrupt.abort()
  await expect(other.client.get('/api/v1/fleets')).rejects.toMatchObject({ name: 'AbortError' })
})

test('a problem becomes a sentence; a bad configuration has exit code 2', async () => {
  const { client, orders } = await aPair()
  await expect(client.get('/api/v1/fleets/nope')).rejects.toMatchObject({
    message: 'no fleet is called "nope"; fleets: api (not-found)',
    exitCode: 1,
  })
  Object.assign(orders, {
    reload: async () => {
      throw new Fault('config.invalid', 'f.yaml:1:1: no', { source: 'user', retry: 'no' })
    },
  })
  await expect(client.send('POST', '/api/v1/reload')).rejects.toMatchObject({ exitCode: 2 })
  const problems = 'f.yaml:1:1: no\nf.yaml:2:1: neither'
  Object.assign(orders, {
    reload: async () => {
      throw new Fault('config.invalid', problems, { source: 'user', retry: 'no' })
    },
  })
  await expect(client.send('POST', '/api/v1/reload')).rejects.toMatchObject({ message: problems })
})

test('says when something else answers there', async () => {
  const other = createServer((_request, response) => response.end('<html>'))
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  closers.push(() => other.close())
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const client = httpClient({ url, token: null }, { by: 'cli', signal: new AbortController().signal })
  await expect(client.get('/api/v1/fleets')).rejects.toThrow(
    `what answers at ${url} is not Tidegate's admin API`,
  )
})

test('the program says that nothing runs: exit code 1, nothing on stdout', async () => {
  const { api, url } = await aPair()
  await api.close()
  expect(await tidegate('status', '--api', url)).toEqual({
    code: 1,
    out: '',
    err: `no Tidegate answers at ${url}; start one with \`tidegate up\`\n`,
  })
})

test('the program reads from a running API', async () => {
  const { url } = await aPair()
  const { code, out } = await tidegate('status', '--json', '--api', url)
  expect(code).toBe(0)
  expect(JSON.parse(out).fleets).toEqual([aFleet()])
})

test('the program shows the next windows of a valid file', async () => {
  const file = resolve(import.meta.dirname, '../../examples/schedules.yaml')
  const { code, out, err } = await tidegate('validate', file)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    /^fleet api: schedule night (?:is open|opens \d{4}-\d\d-\d\d 22:00), until \d{4}-\d\d-\d\d 08:00 \(Asia\/Shanghai\): max 4$/m,
  )
})

test('Ctrl-C ends `events -f` with 130', async () => {
  const { url } = await aPair([anEvent(1)])
  const program = resolve(import.meta.dirname, '../../bin/tidegate.js')
  const child = execFile(process.execPath, [program, 'events', '-f', '--api', url])
  const code = new Promise((done) => child.on('exit', done))
  child.stdout?.once('data', () => child.kill('SIGINT'))
  expect(await code).toBe(130)
})

test('imports and shows the history of a state directory where nothing runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-cli-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'tidegate.yaml')
  writeFileSync(
    config,
    `listeners: { web: { bind: ":0", pool: api } }
pools: { api: { fleet: api } }
fleets: { api: { driver: local, command: [node, x], max: 2 } }
`,
  )
  const csv = join(folder, 'past.csv')
  const at = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 30 * 86_400_000
  writeFileSync(csv, `timestamp,value\n${at / 1000},7\n${at},9\n`)
  const imported = await tidegate(
    '--config',
    config,
    'history',
    'import',
    csv,
    '--fleet',
    'api',
    '--metric',
    'qps',
  )
  expect(imported).toEqual({ code: 0, out: '', err: 'the history took 1 sample of qps of api\n' })
  const shown = await tidegate('--config', config, 'history', 'api', 'rps', '--from', '-40d', '--csv')
  expect(shown.out).toBe(`timestamp,min,mean,max,p95,count\n${new Date(at).toISOString()},9,9,9,9,1\n`)
  const wrong = await tidegate(
    '--config',
    config,
    'history',
    'import',
    csv,
    '--fleet',
    'nope',
    '--metric',
    'qps',
  )
  expect(wrong).toEqual({ code: 1, out: '', err: 'there is no fleet nope; there are: api\n' })
})
