import { expect, test } from 'vitest'
import { Sandbox } from '../kit/sandbox.ts'
import { Tidegate } from '../kit/tidegate.ts'

test.skipIf(process.platform !== 'linux')(
  'what CloudMonitor measures of real servers makes a fleet grow (needs Linux)',
  { timeout: 300_000 },
  async () => {
    await using sandbox = await Sandbox.start('--speed', '10')
    // A server has some 50 MB of its 4 GiB.
    await using tidegate = new Tidegate(`
gateway: { workers: 1 }
sources:
  cloud: { driver: cloudmonitor, region: cn-hangzhou, endpoint: "${sandbox.endpoint}", every: 10s }
metrics:
  ecs-memory: { source: cloud, metric: memory_usedutilization, period: 15s, unit: ratio, per-server: true }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { fleet: api } }
fleets:
  api:${sandbox.fleet(8080)}
    min: 1
    max: 2
    policies: [ { type: step, when: ecs-memory > 0.5% and ecs-memory < 20%, for: 1s, add: 1 } ]
`)
    tidegate.start()
    await tidegate.until('one server', async () => (await tidegate.fleet())?.ready === 1)
    // A period of 15 s, some until its point is out, and up to 10 s until it is read.
    await tidegate.until('a second one', async () => (await tidegate.fleet())?.desired === 2, 180_000)
    const { stdout } = await tidegate.cli('explain', 'api', '--config', tidegate.file)
    expect(stdout).toContain('ecs-memory')
  },
)
