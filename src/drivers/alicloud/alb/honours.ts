/** Keys of listeners and pools that mean something to ALB. */
export const ALB_HONOURS: readonly string[] = [
  'listeners.bind',
  'listeners.protocol',
  'listeners.pool',
  'listeners.tls.certificates',
  'listeners.tls.min-version',
  'listeners.limits.idle',
  'listeners.limits.response',
  ...['host', 'path', 'method', 'header', 'cookie', 'query', 'source'].map(
    (key) => `listeners.rules.match.${key}`,
  ),
  ...['pool', 'split.pools', 'redirect', 'respond'].map((key) => `listeners.rules.${key}`),
  'pools.algorithm',
  'pools.slow-start',
  ...['type', 'path', 'expect', 'interval', 'timeout', 'unhealthy', 'healthy', 'port', 'method', 'host'].map(
    (key) => `pools.health.${key}`,
  ),
]
