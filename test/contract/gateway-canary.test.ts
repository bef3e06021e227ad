import { afterEach, expect, test } from 'vitest'
import type { RuleSpec } from '../../src/core/rule.ts'
import { CLASS } from '../../src/gateway/lanes.ts'
import { answering, cleanUp, dial, gateway, serve } from '../kit/traffic.ts'

afterEach(cleanUp)

const CANARY = { name: 'web', step: 0.1, intervalMs: 1, minRequests: 1, successDrop: 0, p95Rise: 0 }
const STABLE = 0
const NEW = 1

function ruleWith(weights: readonly [number, number]): RuleSpec {
  const shares = ['stable', 'canary'].map((pool, at) => ({ pool, weight: weights[at]! }))
  return {
    match: {},
    action: { kind: 'split', shares, sticky: null, canary: CANARY },
    cache: {
      memoryBytes: 1_000_000,
      largestBytes: 1000,
      entries: 10,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
    },
  }
}

test('each side of a canary is counted, and new weights leave what the rule’s filters know', async () => {
  const named = (name: string, status: string) =>
    serve(
      answering(
        () =>
          `HTTP/1.1 ${status}\r\nContent-Length: ${name.length}\r\nCache-Control: max-age=60\r\n\r\n${name}`,
      ),
    )
  const [stable, canary] = [await named('stable', '200 OK'), await named('canary', '503 No')]
  const traffic = await gateway({
    servers: [stable.port],
    pools: { stable: [stable.port], canary: [canary.port] },
    rules: [ruleWith([1, 0])],
  })
  const ask = async (path: string): Promise<string> => {
    const client = await dial(traffic)
    client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    return (await client.hears(/stable$|canary$/)).slice(-6)
  }
  expect(await ask('/kept')).toBe('stable')
  Object.assign(traffic.options, { rules: [ruleWith([0, 1])] })
  await traffic.apply([stable.port])
  expect(await ask('/other')).toBe('canary')
  expect(await ask('/kept')).toBe('stable')
  const count = (slot: number, field: typeof CLASS.requests | typeof CLASS.errors) =>
    traffic.reader.trafficClass(slot, field)
  expect([count(STABLE, CLASS.requests), count(STABLE, CLASS.errors)]).toEqual([1, 0])
  expect([count(NEW, CLASS.requests), count(NEW, CLASS.errors)]).toEqual([1, 1])
  expect(traffic.reader.classLatency(NEW).reduce((sum, n) => sum + n, 0)).toBe(1)
})
