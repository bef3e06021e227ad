import { expect, test } from 'vitest'
import { file, problemsOf, settingsOf } from './fixture.cases.ts'

const rule = (keys: string): string =>
  file({ web: `web: { bind: ":80", rules: [ { match: { path: /a }, pool: api, ${keys} } ], pool: api }` })
const ruleOf = (keys: string) => settingsOf(rule(keys)).balancer.listeners[0]?.rules[0]
const messages = (keys: string) => problemsOf(rule(keys)).map(({ path, message }) => `${path}: ${message}`)
const at = 'listeners.web.rules.0'

test('rates are by second, minute or hour, and counted by what the rule says', () => {
  expect(ruleOf('rate-limit: { rate: 100/s }')?.rateLimit).toEqual({
    requests: 100,
    perMs: 1000,
    burst: 100,
    key: { by: 'source' },
  })
  expect(ruleOf('rate-limit: { rate: 30/m, burst: 5, by: path }')?.rateLimit).toEqual({
    requests: 30,
    perMs: 60_000,
    burst: 5,
    key: { by: 'path' },
  })
  expect(ruleOf('rate-limit: { rate: 5/h, header: X-Key }')?.rateLimit).toMatchObject({
    burst: 1,
    key: { by: 'header', name: 'x-key' },
  })
  expect(ruleOf('rate-limit: { rate: 5/h, cookie: sid }')?.rateLimit?.key).toEqual({
    by: 'cookie',
    name: 'sid',
  })
  expect(messages('rate-limit: { rate: 100 }')).toEqual([
    expect.stringMatching(/expected a rate such as 100\/s/),
  ])
  expect(messages('rate-limit: { rate: 1/s, header: a, cookie: b }')).toEqual([
    `${at}.rate-limit.cookie: requests are counted by one thing, and header is set already`,
  ])
})

test('a rule has the queue, the sizes and the compression that its file sets', () => {
  expect(ruleOf('concurrency: { requests: 10, queue: 3, wait: 2s }')?.concurrency).toEqual({
    requests: 10,
    queue: 3,
    waitMs: 2000,
  })
  expect(ruleOf('sizes: { request: 1MiB, response: 2MiB }')?.sizes).toEqual({
    requestBytes: 1_048_576,
    responseBytes: 2_097_152,
  })
  expect(ruleOf('compress: {}')?.compress).toMatchObject({
    encodings: ['zstd', 'br', 'gzip'],
    leastBytes: 1024,
  })
  expect(ruleOf('compress: { encodings: gzip, min-size: 2KiB, types: [ Text/* ] }')?.compress).toEqual({
    encodings: ['gzip'],
    leastBytes: 2048,
    types: ['text/*'],
  })
  expect(messages('compress: { encodings: [ deflate ], types: [ html ] }')).toEqual([
    `${at}.compress.encodings.0: expected one of zstd, br, gzip, got deflate`,
    `${at}.compress.types.0: expected a media type such as text/html or text/*, got html`,
  ])
})

test('cache-control is a header that answers get', () => {
  expect(ruleOf('cache-control: max-age=60')?.response?.set).toEqual([
    { name: 'cache-control', value: 'max-age=60' },
  ])
})

test('a cache keeps as much, and as long, as its file says', () => {
  expect(ruleOf('cache: {}')?.cache).toEqual({
    memoryBytes: 67_108_864,
    largestBytes: 1_048_576,
    entries: 100_000,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
  })
  const set = 'memory: 8MiB, max-size: 2MiB, entries: 7, stale-while-revalidate: 5s, stale-if-error: 1m'
  expect(ruleOf(`cache: { ${set} }`)?.cache).toEqual({
    memoryBytes: 8_388_608,
    largestBytes: 2_097_152,
    entries: 7,
    staleWhileRevalidateMs: 5_000,
    staleIfErrorMs: 60_000,
  })
  expect(messages('cache: { memory: 1KiB, entries: 0 }').length).toBe(2)
})
