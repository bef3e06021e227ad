import { writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from '../../bench/kit/processes.ts'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

test('servers that never become healthy are backed off from, and explain says so', async () => {
  await using tidegate = new Tidegate(
    fixture({ command: ['node', '-e', 'setInterval(() => {}, 1000)'], startup: '1s', min: 1 }),
  )
  tidegate.start()
  const explained = await tidegate.until('the reason', async () => {
    const answer = await tidegate.cli('explain', 'api', '--config', tidegate.file)
    return answer.stdout.includes('backoff') ? answer : null
  })
  expect(explained.stdout).toMatch(/not serving|never/)
  expect(tidegate.serverPids().length).toBeLessThanOrEqual(2)
})

test('servers that exit at once are backed off from', async () => {
  await using tidegate = new Tidegate(fixture({ command: ['node', '-e', 'process.exit(3)'], min: 1 }))
  tidegate.start()
  await tidegate.until('the exit code in the explanation', async () => {
    const answer = await tidegate.cli('explain', 'api', '--config', tidegate.file)
    return /exit(ed with)?( code)? 3/.test(answer.stdout)
  })
})

test('a bad file is refused with its errors, and the old one stays', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 40)
  writeFileSync(tidegate.file, 'listeners: { web: { bind: ":x" } }\npools: { a: { kind: b } }\n')
  const refused = await tidegate.cli(
    'reload',
    '--api',
    (await tidegate.until('the api', () => apiOf(tidegate))) ?? '',
  )
  expect(refused.code).toBe(2)
  const validated = await tidegate.cli('validate', tidegate.file)
  const errors = validated.stderr.split('\n').filter((line) => !line.includes(': warning: '))
  expect(refused.stderr.split('\n')).toEqual(errors)
  expect(errors.length).toBeGreaterThan(2)
  const events = await tidegate.get<{ items: { text: string }[] }>('/events?limit=50')
  const texts = (events?.items ?? []).map(({ text }) => text)
  expect(texts).toContainEqual(expect.stringMatching(/^.* is refused, the old configuration stays: .*; .*$/))
  await tidegate.serving(2)
  expect((await load.stop()).failed).toEqual([])
  tidegate.write(fixture())
})

test('no pool and no server have their own short answers', async () => {
  const yaml = fixture({ min: 1, max: 1, command: ['node', '-e', 'setInterval(() => {}, 1000)'] }).replace(
    'protocol: http, pool: api',
    'protocol: http, rules: [{ match: { path: /api/* }, pool: api }]',
  )
  await using tidegate = new Tidegate(yaml)
  tidegate.start()
  const url = await tidegate.url()
  const unknown = await fetch(`${url}nothing`)
  expect(unknown.status).toBe(404)
  const empty = await fetch(`${url}api/x`)
  expect(empty.status).toBe(503)
  expect(empty.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await empty.text()).not.toMatch(/127\.0\.0\.1|node|Error|pool/)
})

test('a reload that asks for a taken port is refused, and the old listener stays', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => holder.once('listening', done))
  const { port } = holder.address() as AddressInfo
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const url = await tidegate.url()
  tidegate.write(fixture().replace('127.0.0.1:0", protocol', `127.0.0.1:${port}", protocol`))
  const refused = await tidegate.cli('reload', '--config', tidegate.file)
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain(`port ${port}`)
  expect((await fetch(url)).status).toBe(200)
  holder.close()
})

test('the gateway alone serves static pools beside the state that up has left', async () => {
  await using tidegate = new Tidegate(fixture())
  const up = tidegate.start()
  await tidegate.serving(2)
  const ended = new Promise((done) => up.once('exit', done))
  up.kill('SIGTERM')
  await ended
  const origin = createHttpServer((_, answer) => answer.end('from the origin')).listen(0, '127.0.0.1')
  await new Promise((done) => origin.once('listening', done))
  const { port: originPort } = origin.address() as AddressInfo
  const port = await freePort()
  tidegate.write(`
listeners: { web: { bind: "127.0.0.1:${port}", pool: one } }
pools: { one: { health: { type: tcp }, servers: [ { address: "127.0.0.1:${originPort}" } ] } }
`)
  const alone = tidegate.start('gateway')
  const text = await tidegate.until('an answer', () =>
    fetch(`http://127.0.0.1:${port}/`)
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => null),
  )
  expect(text).toBe('from the origin')
  const exit = new Promise((done) => alone.once('exit', done))
  alone.kill('SIGINT')
  expect(await exit).toBe(130)
  origin.close()
})

async function apiOf(tidegate: Tidegate): Promise<string | null> {
  const { localApi } = await import('../../src/app/terminal.ts')
  return localApi(tidegate.stateDir)?.url ?? null
}
