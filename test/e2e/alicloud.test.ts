import { expect, test } from 'vitest'
import { Sandbox } from '../kit/sandbox.ts'
import { Tidegate } from '../kit/tidegate.ts'

test.skipIf(process.platform !== 'linux')(
  'servers of a sandbox of Alibaba Cloud are bought, serve real traffic, and are given back (needs Linux)',
  { timeout: 240_000 },
  async () => {
    await using sandbox = await Sandbox.start()
    await using tidegate = new Tidegate(`
gateway: { workers: 1 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { fleet: api } }
fleets:
  api:${sandbox.fleet(8080)}
    min: 2
    max: 4
    drain: { timeout: 5s }
`)
    tidegate.start()
    const url = await tidegate.url()
    await tidegate.until('two servers', async () => ((await tidegate.fleet())?.ready === 2 ? true : null))
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await sandbox.about('summary')).toMatchObject({ instances: { Running: 2 } })
    await tidegate.cli('scale', 'api', '3', '--config', tidegate.file)
    await tidegate.until('a third server', async () => ((await tidegate.fleet())?.ready === 3 ? true : null))
    await tidegate.cli('down', '--config', tidegate.file)
    expect(await sandbox.about('summary')).toMatchObject({ instances: {}, released: 3 })
    const { yuan } = await sandbox.about<{ yuan: { api: number } }>('bill?tag=tidegate:fleet')
    expect(yuan.api).toBeGreaterThan(0)
  },
)
