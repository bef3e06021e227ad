import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import type { HistoryQuery } from '../../core/history.ts'
import { outputTo } from '../output.ts'
import { type AdviseBillingOptions, adviseBilling } from './advise-billing.ts'

const NOW = Date.UTC(2026, 2, 1)
const MINUTE = 60_000

async function advised(options: Partial<AdviseBillingOptions>, json = false) {
  const seen = { text: '', err: '', asked: [] as HistoryQuery[] }
  const stdout = (text: string) => void (seen.text += text)
  const stderr = (text: string) => void (seen.err += text)
  const out = outputTo({ stdout, stderr, color: false }, (text) => text)
  const point = { min: 1e6, mean: 1e6, max: 1e6, p95: 1e6, count: 1 }
  const read = async (query: HistoryQuery) => {
    seen.asked.push(query)
    const points = Array.from({ length: 10 }, (_, nth) => ({ ...point, at: NOW - (10 - nth) * MINUTE }))
    return { ...query, stepMs: MINUTE, unit: 'bits-per-second', points }
  }
  const past = async () => ({
    settings: null,
    readRange: async () => [],
    withDesk: <T>(run: (desk: never) => Promise<T>) => run({ read } as never),
  })
  const clock = { now: () => NOW, after: () => () => {}, sleep: async () => {} }
  const wishes = { since: '-60d', headroom: 0.2, ...options }
  expect(await adviseBilling(wishes, { out, json, clock, past })).toBe(0)
  return { ...seen, notes: seen.err.split('\n') }
}

test('tells from a file which way costs less, with both sums', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-billing-'))
  try {
    const file = join(folder, 'traffic.csv')
    const lines = [1, 1, 1, 1, 1, 1, 1, 1, 1, 11].map((mbit, nth) => `${60 * nth},${mbit * 1e6}`)
    writeFileSync(file, `timestamp,value\n${lines.join('\n')}\n`)
    const { text, notes } = await advised({ trace: file })
    expect(notes).toEqual([
      'traffic.csv is taken for bits a second',
      'the traffic of 10m stands for a month: a day at least would tell its nights, a week its weekends',
      '',
    ])
    expect(untranslated(notes)).toEqual([])
    expect(text.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      '2.00 Mbit/s on the mean, 11.00 at the peak (means of 1m)',
      'PAID | OF | A MONTH',
      'by traffic | 657.00 GB | 525.60',
      'by bandwidth | 14 Mbit/s | 1065.80',
      'traffic costs less: 14% of the bandwidth is used, and both cost the same at 29%',
      'in CNY, without the instance: list prices of 2019 for CLB and EIP in Hangzhou; ALB is paid as its EIPs are',
      '',
    ])
    const words = text.split('\n').flatMap((line) => line.split(/ {2,}/))
    expect(untranslated(words.filter((cell) => /^(?!.*(GB|^\d+ Mbit\/s)$).*[a-z]{2}/i.test(cell)))).toEqual(
      [],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('reads the history where no file is named', async () => {
  const { text, asked } = await advised({ fleet: 'api' }, true)
  expect(asked[0]).toMatchObject({ fleet: 'api', metric: 'bandwidth' })
  expect(JSON.parse(text)).toMatchObject({
    trace: 'bandwidth of api',
    meanMbit: 1,
    byBandwidth: { mbit: 2 },
    cheaper: 'bandwidth',
  })
})

test('does not warn of the span of a whole day', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-billing-'))
  try {
    const file = join(folder, 'day.csv')
    writeFileSync(file, Array.from({ length: 24 }, (_, hour) => `${3600 * hour},1e6`).join('\n'))
    expect((await advised({ trace: file })).notes).toEqual(['day.csv is taken for bits a second', ''])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
