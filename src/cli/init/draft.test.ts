import { expect, test } from 'vitest'
import { checkSettings } from '../../config/load.ts'
import { draftText } from './draft.ts'
import { readHealthCheck } from './health-check.ts'
import { draftOf, type Prompt, type Wishes } from './questions.ts'

function loaded(text: string) {
  return checkSettings(text, 'tidegate.yaml', { env: {}, now: 0 })
}

async function textOf(wishes: Wishes, check = '{}') {
  return draftText(await draftOf(wishes, readHealthCheck(check, 'check.json'), null), 'tidegate.yaml')
}

test('a command: what was said, and nothing to complain of', async () => {
  const text = draftText(
    await draftOf({ command: 'node "my server.js"', min: '1', max: '4', port: '81' }, null, null),
    'tidegate.yaml',
  )
  const result = loaded(text)
  if (!result.ok) expect.fail(JSON.stringify(result.problems))
  expect(result.warnings).toEqual([])
  const { balancer, fleets } = result.settings
  expect(fleets).toMatchObject([{ name: 'app', min: 1, max: 4 }])
  expect(fleets[0]!.template).toMatchObject({ command: ['node', 'my server.js'] })
  expect(balancer.listeners).toMatchObject([{ bind: { host: '', port: 81 }, pool: 'app' }])
})

test('what is only a comment can be used as it is', async () => {
  const text = (await textOf({ command: 'x' })).replaceAll(/^( +)# (- \{)/gm, '$1$2')
  const result = loaded(text)
  expect(result).toMatchObject({ ok: true })
  expect(result.ok && result.settings.fleets[0]!.policies).toHaveLength(3)
})

test('servers that run already', async () => {
  const result = loaded(await textOf({ servers: '10.0.0.7:80, app.internal:8080 [::1]:3000' }))
  expect(result).toMatchObject({ ok: true, settings: { fleets: [] } })
  const servers = result.ok ? result.settings.balancer.pools[0]!.servers : []
  expect(servers.map(({ address }) => address)).toEqual(['10.0.0.7:80', 'app.internal:8080', '[::1]:3000'])
})

test.each([
  [
    '{ "Check": "HTTP", "URL": "/health", "Interval": 30, "Timeout": 5, "UnhealthyThreshold": 4, "HealthyThreshold": 3, "HTTPVersion": "1.1" }',
    { type: 'http', path: '/health', intervalMs: 30_000, timeoutMs: 5_000, unhealthy: 4, healthy: 3 },
  ],
  ['{ "Check": "TCP", "Interval": 1.5, "Timeout": 1 }', { type: 'tcp', intervalMs: 1_500, timeoutMs: 1_000 }],
])('a health check %s', async (check, health) => {
  const result = loaded(await textOf({ command: 'x' }, check))
  expect(result).toMatchObject({ ok: true, settings: { balancer: { pools: [{ health }] } } })
})

test.each([
  [{ command: 'x', port: '0' }, '--port: expected a whole number from 1 to 65535, got "0"'],
  [{ command: 'x', min: '3', max: '2' }, '--max: expected a whole number from 3 to 10000, got "2"'],
  [
    { command: 'x', healthPath: 'health' },
    '--health-path: expected a path such as /health, or tcp, got "health"',
  ],
  [{ command: 'a "b' }, '--command: expected a command'],
  [{ command: '' }, '--command: expected a command'],
  [{ servers: 'localhost' }, '--servers: expected addresses such as 10.0.0.7:8080, got "localhost"'],
  [{ command: 'x', servers: 'y:1' }, '--command and --servers: expected one of them'],
] as [Wishes, string][])('%j is refused', async (wishes, message) => {
  await expect(draftOf(wishes, null, null)).rejects.toThrow(message)
})

/** Types these lines; every question and remark is noted. */
function typist(lines: string[]): Prompt & { seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    ask: async (question) => {
      seen.push(question)
      return lines.shift() ?? expect.fail(`nothing to answer to ${question}`)
    },
    say: (text) => void seen.push(text),
    [Symbol.dispose]: () => {},
  }
}

test('asks again after an answer that makes no sense, and takes Enter for the default', async () => {
  const prompt = typist(['x', 's', '10.0.0.7', '10.0.0.7:80', '', 'tcp'])
  expect(await draftOf({}, null, prompt)).toMatchObject({
    port: 8080,
    health: { type: 'tcp', path: null },
    runs: { kind: 'servers', addresses: ['10.0.0.7:80'] },
  })
  expect(prompt.seen.filter((text) => text.startsWith('expected'))).toEqual([
    'expected c or s, got "x"',
    'expected addresses such as 10.0.0.7:8080, got "10.0.0.7"',
  ])
})

test('asks only what no option has said', async () => {
  const prompt = typist(['3', '2', '5'])
  const wishes = { command: 'x', port: '81', healthPath: '/' }
  expect(await draftOf(wishes, null, prompt)).toMatchObject({ runs: { command: ['x'], min: 3, max: 5 } })
  expect(prompt.seen).toHaveLength(4)
})
