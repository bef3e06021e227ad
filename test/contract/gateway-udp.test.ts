import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { checkedDatagrams, Datagrams } from '../kit/datagrams.ts'
import { aListener, ask, TestGateway } from '../kit/gateway.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
let gateway: TestGateway

beforeEach(async () => {
  gateway = await TestGateway.start()
})
afterEach(() => gateway.close())

const udp = (name: string, port = 0) => ({ ...aListener(name, 'names', port), protocol: 'udp' as const })

test('tcp and udp share a port; sources stay with their server whatever worker has them', async () => {
  const servers = await Promise.all(['a', 'b'].map((name) => checkedDatagrams((text) => `${name}:${text}`)))
  const web = await gateway.aServer()
  const names = aPoolSpec(
    'names',
    servers.map(({ address }) => ({ id: address, address, weight: 100 })),
  )
  const pages = aPoolSpec('pages', [{ id: web.address, address: web.address, weight: 100 }])
  const pools = [{ ...names, health: { ...names.health, type: 'tcp' as const } }, pages]
  const spec = aBalancerSpec(pools)
  await gateway.driver.balancer.configure({ ...spec, listeners: [aListener('web', 'pages')] }, never)
  const { port } = (await gateway.driver.balancer.status(never)).bound.web!
  await gateway.driver.balancer.configure(
    { ...spec, listeners: [aListener('web', 'pages'), udp('dns', port)] },
    never,
  )
  const { bound } = await gateway.driver.balancer.status(never)
  expect(bound.web!.port).toBe(port)
  expect(bound.dns!.port).toBe(port)
  expect((await ask(port)).body).toBe('server')

  const seen = new Set<string>()
  // At first one of them may not have passed its check.
  for (let nth = 0; nth < 12 || seen.size < 2; nth++) {
    await using client = await Datagrams.open()
    const first = await client.asks('x', port)
    seen.add(first)
    for (let again = 0; again < 3; again++) expect(await client.asks('x', port)).toBe(first)
  }
  expect([...seen].sort()).toEqual(['a:x', 'b:x'])
  await Promise.all(servers.map(({ stop }) => stop()))
})

test('a port that another has is refused, and its holder named', async () => {
  await using holder = await Datagrams.open()
  const spec = { ...aBalancerSpec([aPoolSpec('names', [])]), listeners: [udp('dns', holder.port)] }
  const failed = await gateway.driver.balancer.configure(spec, never).catch((error) => error)
  expect(failed).toBeInstanceOf(Fault)
  expect(failed.code).toBe('port.taken')
  expect(failed.message).toMatch(
    new RegExp(`listener dns: 127.0.0.1:${holder.port} is taken by .* \\(pid ${process.pid}\\)`),
  )
})
