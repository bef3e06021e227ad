/** Keys of listeners and pools that mean something to CLB. */
export const CLB_HONOURS: readonly string[] = [
  'listeners.bind',
  'listeners.protocol',
  'listeners.pool',
  'listeners.tls.certificates',
  'listeners.limits.idle',
  'listeners.limits.response',
  'listeners.rules.match.host',
  'listeners.rules.match.path',
  'listeners.rules.pool',
  'pools.algorithm',
  'pools.slow-start',
  ...['type', 'path', 'expect', 'interval', 'timeout', 'unhealthy', 'healthy', 'port', 'method', 'host'].map(
    (key) => `pools.health.${key}`,
  ),
]
