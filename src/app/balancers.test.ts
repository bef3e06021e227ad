import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { sandboxKeys } from '../../test/kit/ecs.ts'
import { loadSettings } from '../config/load.ts'
import type { Balancer } from '../core/balancer.ts'
import type { Settings } from '../core/settings.ts'
import type { Store } from '../core/store.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { Balancers } from './balancers.ts'

const never = new AbortController().signal
/** Nobody is there. */
const NOWHERE = 'http://127.0.0.1:9'

/** A folder whose file names two balancers of the cloud; the endpoint of one is a secret. */
function scene() {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-balancers-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const secret = join(folder, 'endpoint')
  const load = async (): Promise<Settings> => {
    writeFileSync(secret, NOWHERE)
    const loaded = await loadSettings(join(folder, 'tidegate.yaml'), process.env, 0)
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
    return loaded.settings
  }
  const write = (shop: string) =>
    writeFileSync(
      join(folder, 'tidegate.yaml'),
      `
balancers:
  shop: { driver: alicloud-clb, region: cn-hangzhou, load-balancer: ${shop}, endpoint: "\${file:endpoint}" }
  other: { driver: alicloud-clb, region: cn-hangzhou, load-balancer: lb-2, endpoint: "${NOWHERE}" }
listeners: { web: { balancer: shop, bind: ":80", pool: api } }
pools: { api: { balancer: shop, servers: [ { address: "172.16.0.1:80" } ] } }
`,
    )
  return { write, load, lose: () => rmSync(secret) }
}

async function open(settings: Settings) {
  const log = { info() {}, warn() {}, error() {} }
  const clock = new VirtualClock(0)
  const host = { clock, rng: Math.random, log, installation: 'demo', stateDir: tmpdir() }
  const store = {
    event: async () => {},
    orders: async () => [],
    canaries: async () => [],
  } as unknown as Store
  const asked = vi.fn(async () => [])
  const gateway = { members: asked } as unknown as Balancer
  const unasked = async () => Promise.reject(new Error('nobody asks'))
  const onDefect = (error: unknown) => {
    throw error
  }
  const balancers = new Balancers(settings, { balancer: gateway, stats: unasked }, { host, store, onDefect })
  await balancers.replace(settings)
  /** Virtual time for timeouts, real time for the network, whose refusals come late on a busy machine. */
  const until = <T>(look: () => T) =>
    expect.poll(
      async () => {
        await clock.advance(1_000)
        return look()
      },
      { timeout: 20_000 },
    )
  const over = async (change: Promise<unknown>) => {
    let isOver = false
    void change.then(() => (isOver = true))
    await until(() => isOver).toBe(true)
  }
  onTestFinished(() => over(balancers.close()))
  const blindOf = (name: string) => balancers.loops.find(({ spec }) => spec.name === name)?.blind ?? null
  return { balancers, asked, blindOf, until, over }
}

test('a balancer that cannot be opened says so, and keeps no other from being carried', async () => {
  sandboxKeys()
  const { write, load, lose } = scene()
  write('lb-1')
  const settings = await load()
  lose()
  const { balancers, blindOf, until } = await open(settings)
  expect(balancers.loops.map(({ spec }) => spec.name)).toEqual(['gateway', 'shop', 'other'])
  await until(() => blindOf('shop')).toContain('the file endpoint cannot be read')
  await load()
  await until(() => blindOf('shop')).toContain('lb-1')
})

test('while a balancer is closed and opened anew, its pools are nobody else`s', async () => {
  sandboxKeys()
  const { write, load } = scene()
  write('lb-1')
  const { balancers, asked, over } = await open(await load())
  write('lb-3')
  const settings = await load()
  const replaced = balancers.replace(settings)
  await expect(balancers.spreader.members('api', never)).rejects.toMatchObject({
    message: 'pool api: its balancer is being opened anew',
    retry: 'yes',
  })
  await over(replaced)
  expect(asked).not.toHaveBeenCalled()
})
