import { expect, test } from 'vitest'
import { readTelling } from './telling.ts'

test('reads delay, period and loss, of one policy or of all', () => {
  expect(readTelling('60s/1m')).toEqual({ policy: null, delayMs: 60_000, periodMs: 60_000, loss: 0 })
  expect(readTelling('threshold-20%:0s/30s/2.5%')).toEqual({
    policy: 'threshold-20%',
    delayMs: 0,
    periodMs: 30_000,
    loss: 0.025,
  })
  for (const wrong of ['60s', 'hpa:60s', '60s/60s/100%', '60s/60s/5', 'x/y', ''])
    expect(readTelling(wrong), wrong).toBeNull()
})
