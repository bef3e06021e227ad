import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { localApi } from '../../src/app/terminal.ts'
import { Tidegate } from '../kit/tidegate.ts'

const SUITE = new URL('../../node_modules/http-cache-tests/', import.meta.url)
const GUIDE = readFileSync(new URL('../../docs/guides/cache.md', import.meta.url), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'tidegate-cache-'))
const run = promisify(execFile)
const servers: Server[] = []
let origin: ChildProcess | null = null

afterEach(() => {
  origin?.kill()
  rmSync(folder, { recursive: true, force: true })
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** The suite's own server, on a port that was free. */
async function startOrigin(): Promise<number> {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((done) => probe.close(done))
  const env = {
    ...process.env,
    npm_config_protocol: 'http',
    npm_config_port: `${port}`,
    npm_config_pidfile: join(folder, 'pid'),
  }
  origin = spawn(process.execPath, ['server/server.mjs'], {
    cwd: SUITE,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(origin.stdout!, 'data')
  origin.stdout!.resume()
  return port
}

interface Suite {
  readonly tests: readonly {
    readonly id: string
    readonly kind?: string
    readonly browser_only?: boolean
  }[]
}

/** How many tests of a kind pass, and which do not. */
function score(suites: readonly Suite[], results: Readonly<Record<string, unknown>>, kind: string) {
  const tests = suites.flatMap((suite) => suite.tests)
  const its = tests.filter((one) => (one.kind ?? 'required') === kind && one.browser_only !== true)
  const failed = its.filter(({ id }) => results[id] !== true).map(({ id }) => id)
  return { passed: its.length - failed.length, of: its.length, failed }
}

test('the cache passes what a cache must of http-cache-tests', async () => {
  const port = await startOrigin()
  await using tidegate = new Tidegate(
    `gateway: { workers: 1 }\nlisteners: { web: { bind: "127.0.0.1:0", rules: [ { match: {}, pool: main, cache: {} } ] } }\n` +
      `pools: { main: { servers: [ { address: "127.0.0.1:${port}" } ] } }\n`,
  )
  tidegate.start()
  const url = await tidegate.url()
  const { runTests, getResults } = await import(new URL('client/runner.mjs', SUITE).href)
  const { default: suites } = await import(new URL('tests/index.mjs', SUITE).href)
  await runTests(suites, createRequire(import.meta.url)('node-fetch'), false, url.replace(/\/$/, ''))
  const results = getResults()
  const required = score(suites, results, 'required')
  const optimal = score(suites, results, 'optimal')
  console.log(
    `http-cache-tests: ${required.passed} of ${required.of} required, ${optimal.passed} of ${optimal.of} optimal; ` +
      `required ones that fail: ${required.failed.join(', ')}`,
  )
  expect(required.passed).toBeGreaterThanOrEqual(145)
  expect(optimal.passed).toBeGreaterThanOrEqual(60)
})

async function curl(url: string, ...args: string[]): Promise<string> {
  return (await run('curl', ['-s', '-i', ...args, url])).stdout
}

test('the example of the guide keeps answers, over both workers, until they are purged', async () => {
  let asked = 0
  const server = createHttpServer((request, response) => {
    if (request.url === '/images/1') asked++
    response.setHeader('cache-control', 'max-age=60').end('picture')
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const example = /```yaml\n([\s\S]*?)```/.exec(GUIDE)![1]!
  const yaml = example
    .replaceAll('127.0.0.1:3001', `127.0.0.1:${(server.address() as AddressInfo).port}`)
    .replace('":8080"', '"127.0.0.1:0"')
  await using tidegate = new Tidegate(`gateway: { workers: 2 }\n${yaml}`)
  tidegate.start()
  const url = `${await tidegate.url()}images/1`
  await tidegate.until('an answer', async () => ((await curl(url)).includes(' 200 OK') ? true : null))
  for (let n = 0; n < 40; n++) expect(await curl(url)).toContain('picture')
  const before = asked
  expect(before).toBeLessThanOrEqual(2)
  expect(await curl(url, '-I')).toMatch(/^cache-status: tidegate; hit/im)
  const { url: api } = localApi(tidegate.stateDir)!
  const purged = await run('curl', [
    '-s',
    '-H',
    'content-type: application/json',
    '-d',
    JSON.stringify({ kind: 'prefix', url: `${await tidegate.url()}images/` }),
    `${api}/api/v1/cache/purge`,
  ])
  expect(JSON.parse(purged.stdout)).toEqual({ forgotten: before })
  expect(await curl(url)).toMatch(/^cache-status: tidegate; fwd=uri-miss; stored/im)
  expect(asked).toBe(before + 1)
})
