import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Cloud, START } from '../../test/kit/cloud.ts'
import { sandboxKeys } from '../../test/kit/ecs.ts'
import { checkSettings } from '../config/load.ts'
import { Fault } from '../core/fault.ts'
import { sampleWorld } from '../sandbox/sample.ts'
import { serveSandbox } from '../sandbox/serve.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { writeCarried } from './carried.ts'
import { LeftBalancers } from './left-balancers.ts'

/** Where everybody is let in and nobody answers. */
async function silence(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => {}))
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A file that once ordered a balancer of a cloud that is silent now, and has none. */
async function scene(event: (text: string) => void, endpoint?: string, clock = new VirtualClock(0)) {
  const stateDir = mkdtempSync(join(tmpdir(), 'tidegate-left-'))
  onTestFinished(() => rmSync(stateDir, { recursive: true }))
  const create = { specification: 'slb.s1.small', address: 'internet' }
  const shop = {
    driver: 'alicloud-clb',
    region: 'cn-hangzhou',
    endpoint: endpoint ?? (await silence()),
    create,
  }
  const text = {
    balancers: { shop },
    listeners: { web: { balancer: 'shop', bind: ':80', pool: 'api' } },
    pools: { api: { balancer: 'shop', servers: [{ address: '172.16.0.1:80' }] } },
  }
  const loaded = checkSettings(JSON.stringify(text), join(stateDir, 'tidegate.yaml'), { env: {}, now: 0 })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  writeCarried(stateDir, loaded.settings.balancers)
  const log = { info() {}, warn() {}, error() {} }
  const host = { clock, rng: Math.random, log, installation: 'demo', stateDir }
  const settings = { ...loaded.settings, stateDir, balancers: [] }
  const left = new LeftBalancers(settings, host, { event: async ({ text }) => event(text) })
  const look = async () => {
    let isOver = false
    void left.look().then(() => (isOver = true))
    // The network is real: on a busy machine it takes its time.
    await expect
      .poll(
        async () => {
          await clock.advance(5_000)
          return isOver
        },
        { timeout: 15_000 },
      )
      .toBe(true)
  }
  return { left, look, clock }
}

test('a cloud that does not answer is told of once, and ends nothing', async () => {
  sandboxKeys()
  const events: string[] = []
  const { left, look } = await scene((text) => events.push(text))
  await look()
  await look()
  expect(events).toEqual([expect.stringMatching(/^the file has shop no more, .* is not known: /)])
  expect(left.summaries).toMatchObject([{ name: 'shop', left: events[0] }])
}, 20_000)

test('a cloud that refuses is told of once, whatever the id of the request', async () => {
  sandboxKeys()
  const clock = new VirtualClock(START)
  const served = await serveSandbox({ ...sampleWorld(), keys: [] }, { port: 0, clock })
  onTestFinished(() => served[Symbol.asyncDispose]())
  const events: string[] = []
  const { look } = await scene((text) => events.push(text), served.url, clock)
  await look()
  await look()
  expect(events).toEqual([
    expect.stringMatching(/InvalidAccessKeyId\.NotFound: .*; where nobody can be asked any more, /),
  ])
}, 20_000)

test('what was just bought and is not listed yet is not forgotten', async () => {
  sandboxKeys()
  const cloud = new Cloud()
  const served = await serveSandbox(cloud.world, { port: 0, clock: cloud.clock })
  onTestFinished(() => served[Symbol.asyncDispose]())
  const events: string[] = []
  const { look, left } = await scene((text) => events.push(text), served.url, cloud.clock)
  await look()
  const Tag = [
    { Key: 'tidegate:installation', Value: 'demo' },
    { Key: 'tidegate:balancer', Value: 'shop' },
  ]
  const { LoadBalancerId } = cloud.ask('slb', 'CreateLoadBalancer', {
    AddressType: 'internet',
    LoadBalancerSpec: 'slb.s1.small',
    Tag,
  })
  served.change(() => cloud.world)
  await look()
  expect(events).toEqual([expect.stringContaining(`${LoadBalancerId}, which was created for it, is paid`)])
  served.change((world) => ({ ...world, slb: { ...world.slb, balancers: new Map() } }))
  await look()
  expect(left.summaries).toHaveLength(1)
  await look()
  await look()
  expect(left.summaries).toEqual([])
}, 20_000)

test('what cannot be written down is told the next time', async () => {
  sandboxKeys()
  const events: string[] = []
  let isFull = true
  const { look } = await scene((text) => {
    if (isFull) throw new Fault('store.failed', 'the disk is full', { source: 'vendor', retry: 'yes' })
    events.push(text)
  })
  await look()
  isFull = false
  await look()
  expect(events).toHaveLength(1)
}, 20_000)
