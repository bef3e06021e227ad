import { expect, test } from 'vitest'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'
import type { CallCloud } from '../client/client.ts'
import { Fields } from '../client/fields.ts'
import { Prices } from './prices.ts'

const never = new AbortController().signal
const LIST = { instanceType: 'ecs.g7.large', spot: false }
const SPOT = { ...LIST, spot: true }
const MINUTE = 60_000

const point = (ZoneId: string, SpotPrice: number, Timestamp: string) => ({ ZoneId, SpotPrice, Timestamp })
const ANSWERS: Record<string, unknown> = {
  DescribePrice: {
    PriceInfo: {
      Price: {
        TradePrice: 0.75,
        DetailInfos: {
          DetailInfo: [
            { Resource: 'systemDisk', TradePrice: 0.07 },
            { Resource: 'instanceType', TradePrice: 0.68 },
          ],
        },
      },
    },
  },
  DescribeSpotPriceHistory: {
    SpotPrices: {
      SpotPriceType: [
        point('cn-hangzhou-h', 0.2, '2026-01-05T08:00:00Z'),
        point('cn-hangzhou-h', 0.1, '2026-01-05T07:00:00Z'),
        point('cn-hangzhou-i', 0.15, '2026-01-05T08:00:00Z'),
      ],
    },
  },
}

function aMarket() {
  const clock = new VirtualClock(0)
  const calls: string[] = []
  const fails = { now: false }
  const call: CallCloud = async ({ action, read }) => {
    calls.push(action)
    if (!fails.now) return { ok: true, value: read(new Fields(ANSWERS[action], '')) }
    const fault = { kind: 'refused', code: 'Forbidden.RAM', message: '', requestId: null } as const
    return { ok: false, fault: { ...fault, status: 403, retryAfterMs: null } }
  }
  return { clock, calls, fails, prices: new Prices({ call, region: 'cn-hangzhou', clock }) }
}

test('knows what a type costs without its disk, and on the spot market what it costs last in each zone', async () => {
  const { prices } = aMarket()
  expect(prices.of(LIST, null)).toBeNull()
  await prices.refresh([LIST, SPOT], never)
  expect(prices.of(LIST, 'cn-hangzhou-h')).toBe(0.68)
  expect(prices.of(SPOT, 'cn-hangzhou-h')).toBe(0.2)
  expect(prices.of(SPOT, null)).toBe(0.15)
})

test('asks again when a price is old, and keeps it when it gets no other', async () => {
  const { prices, clock, calls, fails } = aMarket()
  await prices.refresh([LIST], never)
  await prices.refresh([LIST], never)
  expect(calls).toHaveLength(1)
  await clock.advance(5 * MINUTE)
  fails.now = true
  await prices.refresh([LIST], never)
  await prices.refresh([LIST], never)
  expect(calls).toHaveLength(2)
  expect(prices.of(LIST, null)).toBe(0.68)
})

test('nobody asks for the price of what a launch template names', async () => {
  const { prices, calls } = aMarket()
  await prices.refresh([{ instanceType: '', spot: false }], never)
  expect(calls).toEqual([])
})
