import type { Millis } from '../../core/time.ts'
import { columnsOf, type Priced } from './columns.ts'
import { escaped } from './escape.ts'
import { pareto } from './pareto.ts'
import type { Bucket, Change, Timeline } from './timeline.ts'

type Say = (text: string) => string

/** What a page is made of. */
export interface Results {
  readonly title: string
  /** What was simulated, a sentence each. */
  readonly about: readonly string[]
  /** When the trace begins. */
  readonly startAt: Millis
  /** Requests a second that a server carries. */
  readonly capacity: number
  readonly runs: readonly { readonly outcome: Priced; readonly timeline: Timeline }[]
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
    `<h1>${escaped(title)}</h1>`,
    ...about.map((sentence) => `<p>${escaped(say(sentence))}</p>`),
    outcomeTable(outcomes, say),
    pareto(outcomes, say('cost to the right, violations upwards (logarithmic): lower left is better')),
    ...runs.map((one) => section(one, { ...results, highest: highestOf(results) }, say)),
    '</body></html>\n',
  ].join('\n')
}

const STYLE = [
  ':root{color-scheme:light dark;--load:#2a78d6;--room:#d9822b}',
  'body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}h1{overflow-wrap:anywhere}',
  'div{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.2rem .7rem;border-bottom:1px solid #8884;text-align:right;vertical-align:top}',
  'th:first-child,td:first-child,td.why{text-align:left}svg{width:100%;height:10rem}figure{margin:0}',
  '.load{fill:var(--load);opacity:.6}.room{fill:var(--room);fill-opacity:.35;stroke:var(--room);vector-effect:non-scaling-stroke}',
  '.pareto svg{height:auto}.pareto polyline{fill:none;stroke:#8888}.pareto circle{fill:var(--load)}.pareto text{fill:currentColor;font-size:13px}',
  '.key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}',
].join('')

function outcomeTable(outcomes: readonly Priced[], say: Say): string {
  const columns = columnsOf(outcomes)
  const head = columns.map(({ heading }) => `<th>${escaped(say(heading))}</th>`).join('')
  const rows = outcomes.map((one) => columns.map(({ cell }) => `<td>${escaped(cell(one))}</td>`).join(''))
  return `<div><table><tr>${head}</tr>${rows.map((row) => `<tr>${row}</tr>`).join('')}</table></div>`
}

function section({ outcome, timeline }: Results['runs'][number], results: Scaled, say: Say): string {
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
  return `<tr><td>${timeText(startAt + at)}</td><td>${from} → ${to}</td><td class="why">${escaped(say(why))}</td></tr>`
}

/** The same for all, so that pictures can be compared. */
function highestOf({ runs, capacity }: Results): number {
  const highs = runs.flatMap(({ timeline }) =>
    timeline.buckets.map(({ rps, most }) => Math.max(rps, most * capacity)),
  )
  return highs.reduce((highest, one) => Math.max(highest, one), 1)
}

type Scaled = Results & { readonly highest: number }

/** Load as an area, at its highest; what the serving servers carry as a band over it, from least to most, or below where requests have to wait. */
function chart({ buckets }: Timeline, { capacity, highest, startAt }: Scaled, say: Say): string {
  const x = (index: number) => ((index / Math.max(1, buckets.length - 1)) * WIDTH).toFixed(1)
  const y = (rps: number) => (HEIGHT - (rps / highest) * HEIGHT).toFixed(1)
  const line = (rps: (bucket: Bucket) => number) =>
    buckets.map((bucket, index) => `${x(index)},${y(rps(bucket))}`)
  const load = line(({ rps }) => rps)
  const room = [...line(({ most }) => most * capacity), ...line(({ least }) => least * capacity).reverse()]
  const label = escaped(say('load and capacity over time'))
  const [from, to] = [buckets[0], buckets.at(-1)].map((bucket) => timeText(startAt + (bucket?.at ?? 0)))
  return [
    `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">`,
    `<polygon class="load" points="0,${HEIGHT} ${load.join(' ')} ${WIDTH},${HEIGHT}"/>`,
    `<polygon class="room" points="${room.join(' ')}"/></svg>`,
    `<figcaption><span class="key" style="background:var(--load)"></span>${escaped(say('load'))}`,
    `<span class="key" style="background:var(--room)"></span>${escaped(say('what the servers carry'))}`,
    ` (0–${highest.toFixed(0)}/s, ${from} – ${to} UTC)</figcaption></figure>`,
  ].join('')
}

function timeText(at: Millis): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
