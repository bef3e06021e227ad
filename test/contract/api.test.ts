import { once } from 'node:events'
import { createConnection } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { startApi } from '../../src/api/server.ts'
import type { Event } from '../../src/core/store.ts'
import { anEvent, apiTools, handClock, queriesOf, recordedOrders } from '../kit/admin.ts'

/** The admin API over real sockets: what a browser, curl and Prometheus meet. */
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function anApi(journal: Event[] = []) {
  const clock = handClock()
  const { orders } = recordedOrders()
  const queries = queriesOf({ journal })
  const api = await startApi({ bind: { host: '127.0.0.1', port: 0 }, queries, orders, ...apiTools(), clock })
  closers.push(api.close)
  return { ...api, clock }
}

/** Sends these bytes; `until` resolves when the answer so far matches. */
function raw(port: number, bytes: string) {
  const socket = createConnection(port, '127.0.0.1')
  closers.push(() => void socket.destroy())
  socket.on('error', () => {})
  socket.write(bytes)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const until = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(text)) await Promise.race([once(socket, 'data'), once(socket, 'close').then(ended)])
    return text
  }
  return { socket, until }
}

function ended(): never {
  throw new Error('the connection ended before the expected text')
}

function get(path: string, ...headers: string[]): string {
  return `GET ${path} HTTP/1.1\r\n${['Host: localhost', ...headers].join('\r\n')}\r\n\r\n`
}

const EVENTS = '/api/v1/events'

test('streams an event that happens after the client came', async () => {
  const journal = [anEvent(1)]
  const { bound, clock } = await anApi(journal)
  const { until } = raw(bound.port, get(EVENTS))
  expect(await until(/retry: /)).toMatch(/content-type: text\/event-stream/i)
  journal.push(anEvent(2))
  clock.advance(500)
  const text = await until(/id: 2/)
  expect(text).toContain(`id: 2\ndata: ${JSON.stringify(anEvent(2))}\n\n`)
  expect(text).not.toContain('id: 1\n')
})

test('goes on after the event that the client names', async () => {
  const { bound } = await anApi([anEvent(1), anEvent(2), anEvent(3)])
  const text = await raw(bound.port, get(EVENTS, 'Last-Event-ID: 1')).until(/id: 3/)
  expect([...text.matchAll(/^id: (\d+)/gm)].map(([, id]) => id)).toEqual(['2', '3'])
})

test('an id from a journal that is lost does not silence the stream', async () => {
  const journal = [anEvent(1)]
  const { bound, clock } = await anApi(journal)
  const { until } = raw(bound.port, get(EVENTS, 'Last-Event-ID: 5000'))
  await until(/retry: /)
  journal.push(anEvent(2))
  clock.advance(500)
  await until(/id: 2/)
})

test('starts with the newest events when asked for some', async () => {
  const { bound } = await anApi([anEvent(1), anEvent(2), anEvent(3)])
  const text = await raw(bound.port, get(`${EVENTS}?limit=2`)).until(/id: 3/)
  expect([...text.matchAll(/^id: (\d+)/gm)].map(([, id]) => id)).toEqual(['2', '3'])
})

test('reads a long journal page by page', async () => {
  const journal = Array.from({ length: 950 }, (_, index) => anEvent(index + 1))
  const { bound } = await anApi(journal)
  const text = await raw(bound.port, get(EVENTS, 'Last-Event-ID: 0')).until(/id: 950\n/)
  expect(text.match(/^id: /gm)).toHaveLength(950)
})

test('a silent stream gets a comment now and then', async () => {
  const { bound, clock } = await anApi()
  const { until } = raw(bound.port, get(EVENTS))
  await until(/retry: /)
  clock.advance(15_000)
  await until(/\n: keep-alive\n\n/)
})

test('closing the API ends the streams', async () => {
  const { bound, close } = await anApi()
  const { socket, until } = raw(bound.port, get(EVENTS))
  await until(/retry: /)
  const closed = once(socket, 'close')
  await close()
  await closed
})

test('opens at most 64 streams, and a place is free again when a client leaves', async () => {
  const { bound, clock } = await anApi()
  const streams = Array.from({ length: 64 }, () => raw(bound.port, get(EVENTS)))
  await Promise.all(streams.map(({ until }) => until(/retry: /)))
  expect(await raw(bound.port, get(EVENTS)).until(/\}$/)).toMatch(/^HTTP\/1.1 429 /)
  streams[0]?.socket.destroy()
  const status = async (): Promise<string> =>
    (await raw(bound.port, get(EVENTS)).until(/\}$|retry: /)).slice(9, 12)
  while ((await status()) !== '200') clock.advance(500)
})

test.each(['Host: evil.example', 'Host:', 'Host: 127.0.0.1.nip.io:9900'])(
  'refuses the header "%s"',
  async (host) => {
    const { bound } = await anApi()
    const answer = await raw(bound.port, `GET /api/v1/about HTTP/1.1\r\n${host}\r\n\r\n`).until(/\}$/)
    expect(answer).toMatch(/^HTTP\/1.1 403 /)
  },
)

test('a port that is taken is said to be taken', async () => {
  const { bound } = await anApi()
  const { orders } = recordedOrders()
  const again = startApi({ bind: bound, queries: queriesOf(), orders, ...apiTools() })
  await expect(again).rejects.toMatchObject({ code: 'port.taken' })
})
