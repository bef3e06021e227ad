import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import type { Outcome } from '../run.ts'
import { escaped } from './escape.ts'
import { pareto } from './pareto.ts'
import type { Change, Timeline } from './timeline.ts'

type Say = (text: string) => string

/** What a page is made of. */
export interface Results {
  readonly title: string
  /** One sentence about what was simulated. */
  readonly about: string
  /** When the trace begins. */
  readonly startAt: Millis
  /** Requests a second that a server carries. */
  readonly capacity: number
  readonly runs: readonly { readonly outcome: Outcome; readonly timeline: Timeline }[]
}

const [WIDTH, HEIGHT] = [1000, 160]

/** A page that needs nothing else: the table, and for each policy load, capacity and decisions over time. */
export function page(results: Results, say: Say): string {
  const { title, about, runs } = results
  const outcomes = runs.map(({ outcome }) => outcome)
  return [
    '<!doctype html>',
    `<html lang="${say('load') === 'load' ? 'en' : 'zh-CN'}"><head><meta charset="utf-8"><title>${escaped(title)}</title>`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1><p>${escaped(say(about))}</p>`,
    outcomeTable(outcomes, say),
    pareto(outcomes, say('cost to the right, violations upwards (logarithmic): lower left is better')),
    ...runs.map((one) => section(one, results, say)),
    '</body></html>\n',
  ].join('\n')
}

const STYLE = [
  ':root{color-scheme:light dark;--load:#2a78d6;--room:#d9822b}',
  'body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}',
  'div{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.2rem .7rem;border-bottom:1px solid #8884;text-align:right;vertical-align:top}',
  'th:first-child,td:first-child,td.why{text-align:left}svg{width:100%;height:10rem}figure{margin:0}',
  '.load{fill:var(--load);opacity:.6}.room{fill:none;stroke:var(--room);stroke-width:1.5;vector-effect:non-scaling-stroke}',
  '.pareto svg{height:auto}.pareto polyline{fill:none;stroke:#8888}.pareto circle{fill:var(--load)}.pareto text{fill:currentColor;font-size:13px}',
  '.key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}',
].join('')

function outcomeTable(outcomes: readonly Outcome[], say: Say): string {
  const columns: readonly [string, (outcome: Outcome) => string][] = [
    ['POLICY', ({ name }) => escaped(name)],
    ['VIOLATIONS', ({ violationsPct }) => `${violationsPct.toFixed(2)}%`],
    ['DROPPED', ({ droppedPct }) => `${droppedPct.toFixed(2)}%`],
    ['P95 WAIT', ({ p95WaitMs }) => formatDuration(p95WaitMs)],
    ['P99 WAIT', ({ p99WaitMs }) => formatDuration(p99WaitMs)],
    ['SERVER-HOURS', ({ serverHours }) => serverHours.toFixed(0)],
    ['TO CLAIRVOYANT', ({ costToClairvoyant }) => costToClairvoyant.toFixed(2)],
    ['TO FIXED PEAK', ({ costToFixedPeak }) => costToFixedPeak.toFixed(2)],
    ['CHANGES A DAY', ({ changesPerDay }) => changesPerDay.toFixed(0)],
  ]
  const head = columns.map(([heading]) => `<th>${escaped(say(heading))}</th>`).join('')
  const rows = outcomes.map((one) => row(columns.map(([, cell]) => cell(one))))
  return `<div><table><tr>${head}</tr>${rows.join('')}</table></div>`
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}

function section({ outcome, timeline }: Results['runs'][number], results: Results, say: Say): string {
  const { startAt } = results
  const rows = timeline.changes.map((change) => changeRow(change, startAt, say))
  const shown = `${rows.length} of ${timeline.changed} decisions to change the fleet, the newest`
  return [
    `<section><h2>${escaped(outcome.name)}</h2>`,
    chart(timeline, results, say),
    `<details><summary>${escaped(say(shown))}</summary><div><table>${rows.join('')}</table></div></details></section>`,
  ].join('\n')
}

function changeRow({ at, from, to, why }: Change, startAt: Millis, say: Say): string {
  const time = new Date(startAt + at).toISOString().slice(0, 19).replace('T', ' ')
  return `<tr><td>${time}</td><td>${from} → ${to}</td><td class="why">${escaped(say(why))}</td></tr>`
}

/** Load as an area; what the serving servers carry as a line above it, or below where requests have to wait. */
function chart({ buckets }: Timeline, { capacity }: Results, say: Say): string {
  const highest = buckets.reduce((most, one) => Math.max(most, one.rps, one.serving * capacity), 1)
  const x = (index: number) => ((index / Math.max(1, buckets.length - 1)) * WIDTH).toFixed(1)
  const y = (rps: number) => (HEIGHT - (rps / highest) * HEIGHT).toFixed(1)
  const load = buckets.map(({ rps }, index) => `${x(index)},${y(rps)}`)
  const room = buckets.map(({ serving }, index) => `${x(index)},${y(serving * capacity)}`)
  const label = escaped(say('load and capacity over time'))
  return [
    `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">`,
    `<polygon class="load" points="0,${HEIGHT} ${load.join(' ')} ${WIDTH},${HEIGHT}"/>`,
    `<polyline class="room" points="${room.join(' ')}"/></svg>`,
    `<figcaption><span class="key" style="background:var(--load)"></span>${escaped(say('load'))}`,
    `<span class="key" style="background:var(--room)"></span>${escaped(say('what the servers carry'))}`,
    ` (0–${highest.toFixed(0)}/s)</figcaption></figure>`,
  ].join('')
}
