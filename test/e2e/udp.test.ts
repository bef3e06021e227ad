import { expect, test } from 'vitest'
import { sumKnown } from '../../src/core/balancer.ts'
import { checkedDatagrams, Datagrams } from '../kit/datagrams.ts'
import { Tidegate } from '../kit/tidegate.ts'

test('datagrams find a server, keep to it, and find another when it falls', async () => {
  const [a, b] = [await checkedDatagrams(() => 'a'), await checkedDatagrams(() => 'b')]
  await using tidegate = new Tidegate(`
gateway: { workers: 2 }
listeners:
  names: { bind: "127.0.0.1:0", protocol: udp, pool: names, limits: { idle: 60s } }
pools:
  names:
    algorithm: round-robin
    health: { type: tcp, interval: 500ms, timeout: 400ms }
    servers: [ { address: "${a.address}" }, { address: "${b.address}" } ]
`)
  tidegate.start()
  const port = Number(new URL(await tidegate.url('names')).port)
  await tidegate.healthy('names')
  const clients = await Promise.all(Array.from({ length: 12 }, () => Datagrams.open()))
  const first = await Promise.all(clients.map((client) => client.asks('?', port)))
  expect(new Set(first)).toEqual(new Set(['a', 'b']))
  expect(await Promise.all(clients.map((client) => client.asks('?', port)))).toEqual(first)
  await tidegate.until('every session to be counted', async () => {
    const members = (await tidegate.pool('names'))?.members ?? []
    return sumKnown(members.map(({ inFlight }) => inFlight)) === 12
  })

  await a.stop()
  await tidegate.until('all to be answered by b', async () => {
    const answers = await Promise.all(clients.map((client) => client.asks('?', port)))
    return answers.every((answer) => answer === 'b')
  })
  await Promise.all(clients.map((client) => client.close()))
  await b.stop()
})
