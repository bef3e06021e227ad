import { sampleName } from '../src/api/metrics.ts'
import { DROPPED, FAMILIES } from '../src/api/metrics-table.ts'
import { ALERTS } from '../src/core/alerts.ts'
import { METRIC_ALIASES, METRICS, type MetricInfo } from '../src/core/metrics.ts'
import { SUFFIXES } from '../src/core/units.ts'

const INTRO = `# Metrics

Generated from \`src/core/metrics.ts\` and \`src/api/metrics-table.ts\` by \`node scripts/docs.ts\`.
`

const RULES = `## In rules and policies

What a policy of the file may name, beside the metrics that the file itself defines. A metric without data is no number: a rule that
needs it abstains, and nothing is retired until it is back. \`idle\` is not missing: without a request there is no latency and no share of
errors, and the fleet may shrink all the same. \`target\` takes a metric that is a mean over servers as it is, and any other as so much
a server.
`

const SCRAPED = `## At /metrics

Prometheus text or OpenMetrics, by the \`accept\` header. Counters end in \`_total\`. A server that is gone has no series any more; the counters of its
pool keep what it has done. At most 1000 members and 50,000 series are shown.
`

const RAISED = `## Alerts

Of each fleet: events of the kind \`alert\` when one is raised and when it has ended, \`tidegate_alert{fleet,alert}\` at /metrics, \`GET /api/v1/alerts\`,
\`tidegate status\` and \`explain\`. One ends when its cause has been gone for a minute, so that one that comes and goes is one.
`

/** docs/reference/metrics.md: what policies may name, and what /metrics shows. */
export function metricsReference(): string {
  const own = Object.entries(METRICS).map(([name, info]) => ownRow(name, info))
  const scraped = [...FAMILIES, DROPPED].map(
    (family) => `| \`${sampleName(family)}\` | ${family.type} | ${family.help} |`,
  )
  const alerts = Object.entries(ALERTS).map(([name, when]) => `| \`${name}\` | ${when} |`)
  return [
    INTRO,
    RULES,
    ['| metric | written as | measured by | `target` | |', '|---|---|---|---|---|', ...own].join('\n'),
    '',
    SCRAPED,
    ['| metric | type | |', '|---|---|---|', ...scraped].join('\n'),
    '',
    RAISED,
    ['| alert | raised when |', '|---|---|', ...alerts].join('\n'),
    '',
  ].join('\n')
}

function ownRow(name: string, { unit, from, perServer, noTarget, help }: MetricInfo): string {
  const aliases = Object.keys(METRIC_ALIASES).filter((alias) => METRIC_ALIASES[alias] === name)
  const names = [name, ...aliases].map((one) => `\`${one}\``).join(', ')
  const suffixes = Object.keys(SUFFIXES[unit]).map((suffix) => (suffix === '' ? 'bare' : `\`${suffix}\``))
  const target = noTarget !== undefined ? 'no' : perServer ? 'mean over servers' : 'so much a server'
  const by = from === 'balancer' ? 'the gateway' : "the fleet's driver"
  return `| ${names} | ${suffixes.join(' ')} | ${by} | ${target} | ${help} |`
}
