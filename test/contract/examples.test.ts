import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../bench/kit/processes.ts'
import { loadSettings } from '../../src/config/load.ts'

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname
interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let children: ChildProcess[]
let agent: Agent
beforeEach(() => {
  children = []
  agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
})
afterEach(async () => {
  agent.destroy()
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

function run(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(process.execPath, [EXAMPLES + script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

function ask(port: number, path: string, body?: string): Promise<Answer> {
  return held(port, path, body ?? '').answer
}

/** Expect: 100-continue tells when the server has the request: `continued`. */
function held(
  port: number,
  path: string,
  body: string,
): { continued: Promise<unknown>; answer: Promise<Answer> } {
  const headers = body === '' ? {} : { expect: '100-continue', 'content-length': body.length }
  const req = request({ host: '127.0.0.1', port, path, method: body === '' ? 'GET' : 'POST', headers, agent })
  const continued = new Promise((resolve) => req.once('continue', resolve))
  const answer = new Promise<Answer>((resolve, reject) => {
    req.on('error', reject)
    req.on('response', (res) => {
      let text = ''
      res.on('data', (chunk) => (text += chunk))
      res.on('error', reject)
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }))
    })
  })
  if (body === '') req.end()
  else continued.then(() => req.end(body))
  return { continued, answer }
}

/** A server that answers its health check. */
async function aServer(...args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort()
  const child = run('server.ts', args, { PORT: String(port), TIDEGATE_SERVER_ID: 'api-1-0' })
  for (let round = 0; round < 1000; round++) {
    const answer = await ask(port, '/health').catch(() => null)
    if (answer?.status === 200) return { child, port }
    await sleep(10)
  }
  throw new Error('the server does not answer')
}

const FILES = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
)

test.each(FILES)('the file %s has nothing wrong with it', async (name) => {
  const loaded = await loadSettings(EXAMPLES + name, {}, Date.now())
  const problems = loaded.ok ? loaded.warnings : loaded.problems
  expect(problems.filter(({ advice }) => !advice)).toEqual([])
  const says = readFileSync(EXAMPLES + name, 'utf8').includes('shorter than advised')
  expect(problems.some(({ advice }) => advice)).toBe(says)
})

test('the example server says who it is, how long it keeps a connection, and what it received', async () => {
  const { port } = await aServer('--service-ms', '1')
  const answer = await ask(port, '/', 'twelve bytes')
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'x-server': 'api-1-0', 'keep-alive': 'timeout=65' },
    body: 'hello from api-1-0, who received 12 bytes\n',
  })
})

test('the example server answers health checks while every slot is taken, and refuses beyond its queue', async () => {
  const { port } = await aServer('--slots', '1', '--service-ms', '600000')
  const open = Array.from({ length: 1 + 1024 }, () => ask(port, '/'))
  for (const one of open) one.catch(() => {})
  let refused: Answer | null = null
  for (let round = 0; round < 100 && refused === null; round++) {
    refused = await Promise.race([ask(port, '/').catch(() => null), sleep(100, null)])
  }
  expect(refused).toMatchObject({ status: 503, headers: { 'x-server': 'api-1-0' } })
  expect((await ask(port, '/health')).status).toBe(200)
})

test('the example server finishes what it holds when it is told to stop', async () => {
  const { child, port } = await aServer('--slots', '1', '--service-ms', '200')
  const two = [held(port, '/', 'one'), held(port, '/', 'two')]
  await Promise.all(two.map(({ continued }) => continued))
  child.kill('SIGTERM')
  const answers = await Promise.all(two.map(({ answer }) => answer))
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(answers[1]!.headers.connection).toBe('close')
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  expect(code).toBe(0)
  await expect(ask(port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('the wave ends with its period, and every request is accounted for', async () => {
  const { port } = await aServer('--service-ms', '1')
  const url = `http://127.0.0.1:${port}/`
  const wave = run('wave.ts', ['--url', url, '--low', '20', '--high', '180', '--period', '2s', '--json'])
  const lines = (await wave.stdout!.toArray()).join('').trim().split('\n')
  const last = JSON.parse(lines.at(-1)!)
  // Twice the mean of low and high, less what a slow machine did not get to send.
  expect(last.sent).toBeGreaterThan(40)
  expect(last.sent).toBeLessThan(260)
  expect(last).toMatchObject({ ok: last.sent, failed: 0, inFlight: 0 })
})

test('the wave goes on and counts failures when nobody listens, and stops when told', async () => {
  const url = `http://127.0.0.1:${await freePort()}/`
  const wave = run('wave.ts', ['--url', url, '--low', '50', '--high', '50', '--repeat', '--json'])
  const [first] = await once(wave.stdout!, 'data')
  wave.kill('SIGTERM')
  expect(JSON.parse(String(first).split('\n')[0]!)).toMatchObject({ ok: 0, p50Ms: null })
  expect(JSON.parse(String(first).split('\n')[0]!).failed).toBeGreaterThan(0)
  const [code] = await once(wave, 'exit')
  expect(code).toBe(0)
})
