import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test, vi } from 'vitest'
import { Tidegate } from '../kit/tidegate.ts'

const ROOT = resolve(import.meta.dirname, '../..')

let sandbox: ChildProcess | null = null
afterEach(async () => {
  vi.unstubAllEnvs()
  if (sandbox === null || sandbox.exitCode !== null) return
  sandbox.kill('SIGTERM')
  await once(sandbox, 'exit')
})

interface Announced {
  readonly endpoint: string
  readonly vswitches: readonly string[]
}

async function startSandbox(): Promise<Announced> {
  const words = [join(ROOT, 'bin/tidegate.js'), 'sandbox', '--port', '0', '--json']
  sandbox = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: sandbox.stdout! }), 'line')) as [string]
  return JSON.parse(line) as Announced
}

async function about(endpoint: string, path: string): Promise<never> {
  return (await (await fetch(`${endpoint}/sandbox/${path}`)).json()) as never
}

test.skipIf(process.platform !== 'linux')(
  'servers of a sandbox of Alibaba Cloud are bought, serve real traffic, and are given back (needs Linux)',
  { timeout: 240_000 },
  async () => {
    const { endpoint, vswitches } = await startSandbox()
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'sandbox')
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'sandbox')
    await using tidegate = new Tidegate(`
gateway: { workers: 1 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { fleet: api } }
fleets:
  api:
    driver: alicloud-ecs
    region: cn-hangzhou
    endpoint: ${endpoint}
    vswitches: ${JSON.stringify(vswitches)}
    instance-types: [ecs.c7.large]
    image: sandbox-image
    security-groups: [sg-sandbox]
    port: 8080
    user-data: |
      SERVER_HOST=\${HOST} PORT=8080 exec ${process.execPath} ${join(ROOT, 'examples/server.ts')}
    min: 2
    max: 4
    drain: { timeout: 5s }
`)
    tidegate.start()
    const url = await tidegate.url()
    await tidegate.until('two servers', async () => ((await tidegate.fleet())?.ready === 2 ? true : null))
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await about(endpoint, 'summary')).toMatchObject({ instances: { Running: 2 } })
    await tidegate.cli('scale', 'api', '3', '--config', tidegate.file)
    await tidegate.until('a third server', async () => ((await tidegate.fleet())?.ready === 3 ? true : null))
    await tidegate.cli('down', '--config', tidegate.file)
    expect(await about(endpoint, 'summary')).toMatchObject({ instances: {}, released: 3 })
    const { yuan } = (await about(endpoint, 'bill?tag=tidegate:fleet')) as { yuan: { api: number } }
    expect(yuan.api).toBeGreaterThan(0)
  },
)
