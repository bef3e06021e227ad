import { expect, test } from 'vitest'
import { chinese } from '../../../test/kit/chinese.ts'
import type { Outcome } from '../run.ts'
import { page } from './page.ts'
import { pareto } from './pareto.ts'
import { Timeline } from './timeline.ts'

const OUTCOME: Outcome = {
  name: 'hpa@60',
  violationsPct: 1.234,
  droppedPct: 0.1,
  p95WaitMs: 40,
  p99WaitMs: 300,
  serverHours: 1000,
  costToClairvoyant: 1.3,
  costToFixedPeak: 0.4,
  changesPerDay: 200,
  underProvisionedPct: 1,
  overProvisionedPct: 30,
  underTimePct: 5,
  overTimePct: 80,
}

function aTimeline(): Timeline {
  const timeline = new Timeline(60_000, 15_000)
  const moment = { rps: 100, serving: 2, busy: 1, had: 2, want: 2, why: '' }
  timeline.add({ ...moment, now: 15_000 })
  timeline.add({ ...moment, now: 30_000, rps: 300, want: 4, why: 'cpu <b> above' })
  timeline.add({ ...moment, now: 45_000, had: 4, want: 4 })
  return timeline
}

const results = (timeline: Timeline) => ({
  title: 'a & b.csv',
  about: ['9d after 7d of history; who knew the future would have paid 12 server-hours'],
  startAt: Date.UTC(2026, 0, 1),
  capacity: 80,
  runs: [{ outcome: OUTCOME, timeline }],
})

test('a timeline keeps the worst of each part, and the newest decisions', () => {
  const timeline = new Timeline(10_000_000, 1_000)
  for (let step = 1; step < 10_000; step++)
    timeline.add({
      now: step * 1_000,
      rps: step % 7,
      serving: 9 - (step % 3),
      busy: 1,
      had: step,
      want: step + 1,
      why: `${step}`,
    })
  expect(timeline.buckets.length).toBeLessThanOrEqual(1_001)
  expect(timeline.buckets[5]).toMatchObject({ rps: 6, least: 7, most: 9 })
  expect(timeline.changed).toBe(9_999)
  expect(timeline.changes).toHaveLength(300)
  expect(timeline.changes.at(-1)).toEqual({ at: 9_999_000, from: 9_999, to: 10_000, why: '9999' })
})

test('a page needs nothing else, and quotes what it is given', () => {
  const html = page(results(aTimeline()), (text) => text)
  expect(html).not.toMatch(/https?:|<script|<link|src=/)
  expect(html).toContain('<h1>a &amp; b.csv</h1>')
  expect(html).toContain('<td>1.23%</td>')
  expect(html).toContain('<td>2026-01-01 00:00:30</td><td>2 → 4</td><td class="why">cpu &lt;b&gt; above</td>')
  expect(html).toContain('1 of 1 decisions to change the fleet, the newest')
  // Of 300/s at the top: 100/s is a third, and two servers carry 160/s.
  expect(html).toContain('points="0,160 0.0,106.7 500.0,0.0 1000.0,106.7 1000,160"')
  expect(html).toContain('points="0.0,74.7 500.0,74.7 1000.0,74.7 1000.0,74.7 500.0,74.7 0.0,74.7"')
  expect(html).toContain('(0–300/s, 2026-01-01 00:00:15 – 2026-01-01 00:00:45 UTC)')
})

test('outcomes are set by cost and violations, and targets of one policy are joined', () => {
  const at = (name: string, costToClairvoyant: number, violationsPct: number) => ({
    ...OUTCOME,
    name,
    costToClairvoyant,
    violationsPct,
  })
  const html = pareto([at('hpa@70', 1, 10), at('ess@60', 1.5, 0.1), at('hpa@50', 2, 0)], 'label')
  expect(html).toContain('<polyline points="40,40 880,280"/>')
  expect(html).toContain('<circle cx="40" cy="40" r="4"/><text x="47" y="44">hpa@70</text>')
  expect(html).toContain('<circle cx="460" cy="200" r="4"/>')
  expect(pareto([at('hpa@70', 1, 10)], 'label')).toContain('<circle cx="460" cy="160" r="4"/>')
})

test('and speaks Chinese', () => {
  const html = page(results(aTimeline()), chinese)
  expect(html).toContain('<html lang="zh-CN">')
  expect(html).toContain('<th>违约</th>')
  expect(html).toContain('1 次变更机群的决策中最新的 1 次')
})
