import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { about, MINIMAL, problemsOf, settingsOf } from './fixture.cases.ts'
import { loadSettings, parseSettings } from './load.ts'

const ROOT = resolve(import.meta.dirname, '../..')

describe('a good file', () => {
  test('gets every default that is left out', () => {
    expect(settingsOf(MINIMAL)).toMatchInlineSnapshot(`
      {
        "admin": {
          "bind": {
            "host": "127.0.0.1",
            "port": 9900,
          },
          "hosts": [],
          "tokens": null,
        },
        "balancer": {
          "accessLog": null,
          "bandwidthBps": null,
          "listeners": [
            {
              "bind": {
                "host": "",
                "port": 8080,
              },
              "keepAlive": {
                "count": 5,
                "idleMs": 300000,
                "intervalMs": 60000,
              },
              "limits": {
                "bodyBytes": 1073741824,
                "bodyMs": 30000,
                "connections": 20000,
                "firstByteMs": 60000,
                "headerBytes": 32768,
                "headerCount": 100,
                "headerMs": 10000,
                "idleMs": 60000,
                "responseMs": 60000,
              },
              "name": "web",
              "pool": "api",
              "protocol": "http",
              "rules": [],
            },
          ],
          "name": "gateway",
          "panicRatio": 0.5,
          "pools": [
            {
              "algorithm": "least-connections",
              "fleets": [
                "api",
              ],
              "health": {
                "expect": {
                  "from": 200,
                  "to": 399,
                },
                "healthy": 2,
                "intervalMs": 30000,
                "path": "/",
                "timeoutMs": 5000,
                "type": "http",
                "unhealthy": 3,
              },
              "name": "api",
              "retries": 2,
              "servers": [],
              "slowStartMs": 10000,
              "upstream": {
                "connectMs": 2000,
                "idleMs": 4000,
                "keepAlive": {
                  "count": 5,
                  "idleMs": 300000,
                  "intervalMs": 60000,
                },
                "maxConnections": 2000,
                "maxPending": 1024,
              },
            },
          ],
        },
        "balancers": [],
        "file": "/srv/app/tidegate.yaml",
        "fleets": [
          {
            "capacityRps": null,
            "config": {
              "command": "run",
            },
            "drainMs": 30000,
            "driver": "fake",
            "guards": {
              "effect": {
                "afterMs": 120000,
                "holdMs": 600000,
              },
              "flapBudget": {
                "perMs": 3600000,
                "reversals": 12,
              },
              "freshMs": 15000,
              "inCooldownMs": 60000,
              "inPace": [
                {
                  "perMs": 60000,
                  "servers": 4,
                },
                {
                  "perMs": 60000,
                  "ratio": 0.5,
                },
              ],
              "inPatienceMs": 60000,
              "outCooldownMs": 0,
              "outPace": [],
              "outPatienceMs": 0,
            },
            "max": 3,
            "metrics": {},
            "min": 1,
            "name": "api",
            "policies": [],
            "pools": [
              "api",
            ],
            "replace": {
              "surge": 1,
              "unhealthyMs": 300000,
            },
            "reserve": 0,
            "revision": "378102887e2276fb",
            "startupMs": 60000,
            "template": {
              "command": "run",
            },
            "usualStartupMs": null,
            "weight": 100,
          },
        ],
        "gateway": {
          "workers": 4,
        },
        "history": {
          "maxBytes": 268435456,
        },
        "installation": "b38fbaa1",
        "logs": {
          "keep": 5,
          "maxBytes": 104857600,
        },
        "reload": "auto",
        "sources": [],
        "stateDir": "/srv/app/.tidegate",
        "tickMs": 1000,
      }
    `)
  })

  test('gets the name that it asks for, and paths beside it', () => {
    const { installation, stateDir, balancer } = settingsOf(
      `name: shop\nstate: ../state\ngateway: { access-log: logs/access.log }\n${MINIMAL}`,
    )
    expect(installation).toBe('shop')
    expect(stateDir).toBe('/srv/state')
    expect(balancer.accessLog).toEqual({ path: '/srv/app/logs/access.log', format: 'json' })
  })

  test('may bind every form of address and any free port', () => {
    const bindOf = (bind: string) => settingsOf(MINIMAL.replace(':8080', bind)).balancer.listeners[0]?.bind
    expect(bindOf('127.0.0.1:80')).toEqual({ host: '127.0.0.1', port: 80 })
    expect(bindOf('[::1]:80')).toEqual({ host: '::1', port: 80 })
    expect(bindOf(':0')).toEqual({ host: '', port: 0 })
  })

  test('may share parts by anchors and merge keys, its own keys first', () => {
    const { balancer } = settingsOf(`
listeners:
  web: { bind: ":8080", rules: [ { match: { path: /a }, pool: a } ], pool: b }
pools:
  a: &base { health: &health { path: /a, interval: 9s }, servers: [ { address: "h:1" } ] }
  b: { <<: *base, retries: 0, health: { <<: *health, path: /b } }
`)
    expect(balancer.pools[1]).toMatchObject({ retries: 0, health: { path: '/b', intervalMs: 9000 } })
    expect(balancer.pools[1]?.servers).toEqual(balancer.pools[0]?.servers)
  })

  test('checks by tcp the pools that only tcp listeners use', () => {
    const typeFor = (protocol: string) =>
      settingsOf(MINIMAL.replace('pool: api }', `pool: api, protocol: ${protocol} }`)).balancer.pools[0]
        ?.health.type
    expect(typeFor('tcp')).toBe('tcp')
    expect(typeFor('http')).toBe('http')
  })

  test('has another revision with another template or another text for it, and with nothing else', () => {
    const revisionOf = (keys: string) => settingsOf(MINIMAL.replace('max: 3', keys)).fleets[0]?.revision
    const revision = revisionOf('max: 3')
    expect(revisionOf('max: 9, weight: 5')).toBe(revision)
    expect(revisionOf('max: 3, revision: b')).not.toBe(revision)
    expect(settingsOf(MINIMAL.replace('run', 'walk')).fleets[0]?.revision).not.toBe(revision)
  })

  test('has policies in base units, with the place of each rule', () => {
    const policies = `policies:
    - { type: target, metric: qps, value: 100/s }
    - { type: target, metric: cpu, value: 70% }
    - { type: step, name: up, when: "cpu > 80%", for: 5m, add: 20% }
    - { type: step, when: cpu < 10%, remove: 2 }
    - { type: step, when: rps > 5, set: 3 }`
    const block = MINIMAL.replace(
      '{ driver: fake, command: run, max: 3 }',
      `\n    driver: fake\n    command: run\n    max: 3\n    ${policies}`,
    )
    const line = block.split('\n').findIndex((text) => text.includes('name: up')) + 1
    expect(settingsOf(block).fleets[0]?.policies).toMatchObject([
      { type: 'target', name: 'target-rps', metric: 'rps', value: 100 },
      { type: 'target', name: 'target-cpu', metric: 'cpu', value: 0.7 },
      {
        name: 'up',
        when: { text: 'cpu > 80%', line, column: 38 },
        forMs: 300_000,
        change: { kind: 'add', ratio: 0.2 },
      },
      { name: 'step-4', forMs: 60_000, change: { kind: 'remove', servers: 2 } },
      { name: 'step-5', change: { kind: 'set', servers: 3 } },
    ])
  })
})

describe('a doubtful file', () => {
  test.each([
    [
      'a fleet that feeds no pool',
      MINIMAL.replace('{ fleet: api }', '{ servers: [ { address: "h:1" } ] }'),
      'no pool names this fleet',
    ],
    [
      'a pool that nobody uses',
      MINIMAL.replace('fleets:', '  idle: { servers: [ { address: "h:1" } ] }\nfleets:'),
      'no listener sends anything',
    ],
    [
      'checks longer than their interval',
      MINIMAL.replace('{ fleet', '{ health: { interval: 2s, timeout: 2s }, fleet'),
      'not shorter than the interval of 2s',
    ],
    [
      'a target on memory without a limit',
      MINIMAL.replace('max: 3', 'max: 3, policies: [ { type: target, metric: memory, value: 70% } ]'),
      'memory has no data without a limit',
    ],
    [
      'a rule on memory without a limit',
      MINIMAL.replace('max: 3', 'max: 3, policies: [ { type: step, when: memory > 7%, add: 1 } ]'),
      'memory has no data without a limit',
    ],
    ['a fleet that nothing scales', MINIMAL, 'no policies: the fleet stays at min (1)'],
    [
      'limits that tcp cannot break',
      MINIMAL.replace('pool: api }', 'pool: api, protocol: tcp, limits: { body: 1MB } }'),
      'has no effect on tcp',
    ],
  ])('%s is only a warning', (_, text, message) => {
    const loaded = parseSettings(text, about)
    expect(loaded).toMatchObject({ ok: true })
    expect(problemsOf(text).map((problem) => `${problem.level}: ${problem.message}`)).toContainEqual(
      expect.stringMatching(new RegExp(`^warning: .*${message.replace(/[()]/g, '\\$&')}`)),
    )
  })

  test('a memory limit gives memory its data', () => {
    const keys = 'memory: 1GiB, max: 3, policies: [ { type: target, metric: memory, value: 70% } ]'
    expect(problemsOf(MINIMAL.replace('max: 3', keys))).toEqual([])
  })
})

describe('loading', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidegate-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('the file in the README has nothing to complain of', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    const file = join(folder, 'readme.yaml')
    await writeFile(file, /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '')
    expect(await loadSettings(file, {}, 0)).toMatchObject({ ok: true, warnings: [] })
  })

  test('a link and its file are one installation', async () => {
    const target = join(folder, 'real.yaml')
    const link = join(folder, 'link.yaml')
    await writeFile(
      target,
      'listeners: { web: { bind: ":80", pool: a } }\npools: { a: { servers: [ { address: "h:1" } ] } }',
    )
    await symlink(target, link)
    const [one, other] = [await loadSettings(target, {}, 0), await loadSettings(link, {}, 0)]
    expect(one).toMatchObject({ ok: true })
    expect({ ...one, files: [] }).toEqual({ ...other, files: [] })
    expect([one.files, other.files]).toEqual([[target], [link]])
  })

  test('a secret file is found beside the configuration', async () => {
    const file = join(folder, 'secret.yaml')
    await writeFile(join(folder, 'name.txt'), 'from-a-file\n')
    await writeFile(
      file,
      `name: "\${file:name.txt}"\nlisteners: { web: { bind: ":80", pool: a } }\npools: { a: { servers: [ { address: "h:1" } ] } }`,
    )
    expect(await loadSettings(file, {}, 0)).toMatchObject({
      ok: true,
      settings: { installation: 'from-a-file' },
      files: [file, join(folder, 'name.txt')],
    })
  })

  test('a file that is not there and one that is too large are problems', async () => {
    const large = join(folder, 'large.yaml')
    await writeFile(large, '#'.repeat(1024 * 1024 + 1))
    const gone = join(folder, 'gone.yaml')
    expect(await loadSettings(gone, {}, 0)).toMatchObject({
      ok: false,
      problems: [{ file: gone, line: 1, column: 1 }],
    })
    expect(await loadSettings(large, {}, 0)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('1 MiB') }],
    })
  })
})

describe('metrics of the file', () => {
  const text = (prom: string) => `
sources: { prom: { driver: prometheus, ${prom} } }
metrics:
  lag: { source: prom, query: 'max(lag{fleet="$fleet"})', unit: ms, fresh: 1m }
  depth: { source: prom, query: sum(depth), unit: count, per-server: true, help: messages that wait }
  own: { driver: prometheus, url: "http://b:1/x/", query: "1", unit: ratio }
${MINIMAL.replace('max: 3', 'max: 3, policies: [ { type: target, metric: depth, value: 2 }, { type: step, when: lag > 2s and own > 1%, add: 1 } ]')}`

  test('share a source, or bring their own', () => {
    const about = { env: { TOKEN: 'hush' } }
    const { sources, fleets } = settingsOf(
      text(`url: "http://a:1", bearer: "\${env:TOKEN}", every: 1s`),
      about,
    )
    expect(fleets[0]!.metrics).toEqual({
      lag: { unit: 'ms', from: 'source:prom', perServer: false, help: '', freshMs: 60_000 },
      depth: { unit: 'count', from: 'source:prom', perServer: true, help: 'messages that wait' },
      own: { unit: 'ratio', from: 'metric:own', perServer: false, help: '' },
    })
    const tls = { ca: null, cert: null, key: null, insecure: false }
    const prom = {
      config: { url: 'http://a:1', authorization: 'Bearer hush', tls, timeoutMs: 5000, everyMs: 1000 },
      queries: { lag: 'max(lag{fleet="$fleet"})', depth: 'sum(depth)' },
    }
    const own = {
      config: { url: 'http://b:1/x', authorization: null, tls, timeoutMs: 5000, everyMs: 5000 },
      queries: { own: '1' },
    }
    const written = { ...prom, config: { ...prom.config, authorization: `Bearer \${env:TOKEN}` } }
    expect(sources).toEqual([
      { name: 'source:prom', driver: 'prometheus', ...prom, written },
      { name: 'metric:own', driver: 'prometheus', ...own, written: own },
    ])
  })

  test('warn of a source that nobody asks', () => {
    const unread = `sources: { a: { driver: prometheus, url: "http://a" }, b: { driver: prometheus, url: "http://b" } }
metrics: { lag: { source: a, query: "1", unit: ms } }${MINIMAL}`
    expect(problemsOf(unread).map(({ path, message }) => `${path}: ${message}`)).toEqual(
      expect.arrayContaining(['sources.b: no metric names this source']),
    )
  })

  test('keep secrets out of messages', () => {
    const [problem] = problemsOf(text(`url: "http://a:1", bearer: "\${env:TOKEN}", user: "x"`), {
      env: { TOKEN: 'hush-hush' },
    })
    expect(problem).toMatchObject({ path: 'sources.prom.bearer' })
    expect(problem!.message).not.toContain('hush-hush')
  })
})
