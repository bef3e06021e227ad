import type { MetricDriverModule } from '../../core/driver.ts'
import { METRIC_KEYS, type PrometheusConfig, parseMetric, parseSource, SOURCE_KEYS } from './config.ts'

/** Metrics are PromQL queries, answered by a Prometheus. */
export const prometheus: MetricDriverModule<PrometheusConfig, string> = {
  kind: 'prometheus',
  sourceKeys: SOURCE_KEYS,
  metricKeys: METRIC_KEYS,
  parseSource,
  parseMetric,
  async open(config, queries, { clock }) {
    const [{ openClient }, { prometheusSource }] = await Promise.all([
      import('./client.ts'),
      import('./source.ts'),
    ])
    const { ask, close } = openClient(config, clock)
    return {
      metrics: prometheusSource(ask, queries, { clock, ...config }),
      async [Symbol.asyncDispose]() {
        close()
      },
    }
  },
}
