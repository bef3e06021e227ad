import { type BadCase, bad } from './fixture.cases.ts'

/** A file with one source, and one fleet with one policy. */
function metric(text: string, more: { source?: string; policy?: string } = {}): string {
  return `
sources: { prom: { ${more.source ?? 'driver: prometheus, url: "http://127.0.0.1:9090"'} } }
metrics: { ${text} }
listeners: { web: { bind: ":8080", pool: api } }
pools: { api: { fleet: api } }
fleets:
  api: { driver: fake, command: run, max: 3, policies: [ ${more.policy ?? '{ type: step, when: lag > 1, add: 1 }'} ] }
`
}

const LAG = 'lag: { source: prom, query: max(lag), unit: count }'
const source = (keys: string) => metric(LAG, { source: `driver: prometheus, ${keys}` })
const CLOUD = 'driver: cloudmonitor, region: cn-hangzhou'
const ALB =
  'lag: { source: prom, namespace: acs_alb, metric: LoadBalancerQPS, dimensions: { loadBalancerId: alb-1 }, unit: count }'
const cloud = (text: string) => metric(text, { source: CLOUD })
const URL = 'url: "https://prom:9090"'

export const METRIC_CASES: readonly BadCase[] = [
  bad(
    'a metric of the file that a rule misspells',
    metric(LAG, { policy: '{ type: step, when: cpu > 50% and §lagg > 1, add: 1 }' }),
    'fleets.api.policies.0.when',
    'there is no metric `lagg`; did you mean lag?',
  ),
  bad(
    'a metric of the file that a target misspells',
    metric(LAG, { policy: '{ type: target, metric: §laag, value: 1 }' }),
    'fleets.api.policies.0.metric',
    'no metric is named laag; did you mean lag?',
  ),
  bad(
    'a unit that the metric of the file does not have',
    metric(LAG, { policy: '{ type: step, when: lag > §80%, add: 1 }' }),
    'fleets.api.policies.0.when',
    '`80%` cannot be compared with `lag`, which is a count: write 8',
  ),
  bad(
    'a target in another unit',
    metric(LAG, { policy: '{ type: target, metric: lag, value: §80% }' }),
    'fleets.api.policies.0.value',
    'expected a number above 0, such as 8',
  ),
  bad(
    'a unit that nobody knows',
    metric('lag: { source: prom, query: x, unit: §bits }'),
    'metrics.lag.unit',
    'expected ratio, count, per-second, ms, bytes or bits-per-second, got bits',
  ),
  bad(
    'no unit',
    metric('§lag: { source: prom, query: x }'),
    'metrics.lag.unit',
    'missing; expected ratio, count',
  ),
  bad(
    'the name of a metric of our own',
    metric('§cpu: { source: prom, query: x, unit: ratio }'),
    'metrics.cpu',
    'cpu has a meaning already; give this metric another name',
  ),
  bad(
    'a word of the rule language as a name',
    metric('§and: { source: prom, query: x, unit: ratio }'),
    'metrics.and',
    'and has a meaning already',
  ),
  bad(
    'a name that a rule could not say',
    metric('§9lives: { source: prom, query: x, unit: count }'),
    'metrics.9lives',
    'expected a name such as queue-depth, which starts with a letter',
  ),
  bad(
    'a source that nobody defines',
    metric('lag: { source: §promm, query: x, unit: count }'),
    'metrics.lag.source',
    'no source is named promm; did you mean prom?',
  ),
  bad(
    'neither source nor driver',
    metric('§lag: { query: x, unit: count }'),
    'metrics.lag',
    'expected one of source',
  ),
  bad(
    'both source and driver',
    metric('§lag: { source: prom, driver: prometheus, url: "http://a", query: x, unit: count }'),
    'metrics.lag',
    'expected one of source',
  ),
  bad(
    'a driver of metrics that is none',
    metric('lag: { driver: §local, query: x, unit: count }'),
    'metrics.lag.driver',
    'no driver of metrics is named local; known: cloudmonitor, prometheus',
  ),
  bad(
    'a connection beside a source that has its own',
    metric('lag: { source: prom, §url: "http://a", query: x, unit: count }'),
    'metrics.lag.url',
    'unknown key',
  ),
  bad(
    'a misspelt key of the driver',
    metric('lag: { source: prom, query: x, §querry: y, unit: count }'),
    'metrics.lag.querry',
    'unknown key; did you mean query?',
  ),
  bad(
    'no query',
    metric('§lag: { source: prom, unit: count }'),
    'metrics.lag.query',
    'missing; expected a PromQL query',
  ),
  bad(
    'no url',
    metric(LAG, { source: 'driver: prometheus' }).replace('prom: {', '§prom: {'),
    'sources.prom.url',
    'missing; expected an address',
  ),
  bad(
    'a url of another protocol',
    source('url: §"ftp://a"'),
    'sources.prom.url',
    'expected an address such as http://',
  ),
  bad(
    'a user in the url',
    source('url: §"http://me:hush@prom"'),
    'sources.prom.url',
    'expected no user in it',
  ),
  bad(
    'two ways to sign in',
    source(`${URL}, user: a, password: b, bearer: §c`),
    'sources.prom.bearer',
    'expected bearer or user and password, not both',
  ),
  bad(
    'a header that would end early',
    source(`${URL}, bearer: §"a\\nb"`),
    'sources.prom.bearer',
    'expected a token, text without spaces',
  ),
  bad(
    'a password without its user',
    source(`${URL}, password: b`).replace('prom: {', '§prom: {'),
    'sources.prom.user',
    'missing; expected the user',
  ),
  bad(
    'a certificate that is not there',
    source(`${URL}, tls: { ca: §./nowhere.pem }`),
    'sources.prom.tls.ca',
    'expected a PEM file that can be read (ENOENT',
  ),
  bad(
    'a misspelt key of tls',
    source(`${URL}, tls: { cacert: §a }`),
    'sources.prom.tls.cacert',
    'unknown key; known: ca',
  ),
  bad(
    'a timeout out of range',
    source(`${URL}, timeout: §1h`),
    'sources.prom.timeout',
    'expected a duration such as 5s, from 100ms to 30s, got 1h',
  ),
  bad(
    'CloudMonitor without a region',
    metric(ALB, { source: 'driver: cloudmonitor' }).replace('prom: {', '§prom: {'),
    'sources.prom.region',
    'missing; expected a region such as cn-hangzhou',
  ),
  bad(
    'calls that are no number',
    metric(ALB, { source: `${CLOUD}, calls: §all` }),
    'sources.prom.calls',
    'expected a whole number from 1000 to 1000000000, got all',
  ),
  bad(
    'CloudMonitor asked all the time',
    metric(ALB, { source: `${CLOUD}, every: §1s` }),
    'sources.prom.every',
    'expected a duration from 10s to 1h, such as 60s, got 1s',
  ),
  bad(
    'no metric of CloudMonitor',
    cloud('§lag: { source: prom, unit: ratio }'),
    'metrics.lag.metric',
    'missing; expected a name such as CPUUtilization',
  ),
  bad(
    'a period that the cloud does not have',
    cloud('lag: { source: prom, metric: cpu_total, unit: ratio, period: §30s }'),
    'metrics.lag.period',
    'expected 15s, 1m, 5m, 15m or 1h, got 30s',
  ),
  bad(
    'a balancer that is not named',
    cloud('§lag: { source: prom, namespace: acs_alb, metric: LoadBalancerQPS, unit: per-second }'),
    'metrics.lag.dimensions',
    'missing; expected what it is measured of, such as { loadBalancerId: alb-123 }',
  ),
  bad(
    'a dimension that is no text',
    cloud('lag: { source: prom, metric: cpu_total, unit: ratio, dimensions: { instanceId: §[a] } }'),
    'metrics.lag.dimensions.instanceId',
    'expected text',
  ),
  bad(
    'two dimensions for one server',
    cloud('lag: { source: prom, metric: cpu_total, unit: ratio, dimensions: { a: $server, b: §$server } }'),
    'metrics.lag.dimensions.b',
    'expected $server once',
  ),
  bad(
    'a statistic that cannot be one',
    cloud('lag: { source: prom, metric: cpu_total, unit: ratio, statistic: §p99 }'),
    'metrics.lag.statistic',
    'expected a name such as Average',
  ),
  bad(
    'no way to put series together',
    cloud('lag: { source: prom, metric: cpu_total, unit: ratio, across: §median }'),
    'metrics.lag.across',
    'expected mean, sum, max, min, got median',
  ),
  bad(
    'a scale of nothing',
    cloud('lag: { source: prom, metric: cpu_total, unit: ratio, scale: §0 }'),
    'metrics.lag.scale',
    'expected a number from 0.000001 to 1000000, such as 0.01',
  ),
]
