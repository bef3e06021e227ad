import type { MetricName, MetricSource } from '../../../core/metrics.ts'
import type { Host, Logger } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import type { Transport } from '../client/transport.ts'
import { Board } from './board.ts'
import { callsARound, overBudget, pacedEvery } from './budget.ts'
import type { CloudMonitorConfig, MetricConfig } from './config.ts'

/** Opens a source. `transport` stands in for the network. */
export function openCloudMonitor(
  config: CloudMonitorConfig,
  metrics: Readonly<Record<MetricName, MetricConfig>>,
  host: Host,
  transport?: Transport,
): { readonly metrics: MetricSource } & AsyncDisposable {
  const { call, close } = openAccount(config, host, transport)
  const closing = new AbortController()
  const means = { call, clock: host.clock, closed: closing.signal }
  const boards = new Map(Object.entries(metrics).map(([name, metric]) => [name, new Board(metric, means)]))
  const everyMs = paceOf(config, host.log)
  return {
    metrics: {
      async read(queries) {
        const at = host.clock.now()
        for (const { metric, servers } of queries) boards.get(metric)?.want(servers)
        const pacedMs = everyMs([...boards.values()])
        return await Promise.all(
          queries.map(
            (query) =>
              boards.get(query.metric)?.read(query, pacedMs) ?? {
                ok: false,
                at,
                why: 'no-data',
                detail: `no query is named ${query.metric}`,
              },
          ),
        )
      },
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('the source is closed'))
      close()
    },
  }
}

/** How often each board may be asked now, which is said once when it is less often than the file wants. */
function paceOf({ everyMs, callsAMonth }: CloudMonitorConfig, log: Logger) {
  let isShort = false
  return (boards: readonly Board[]) => {
    const calls = callsARound(boards)
    const why = overBudget(everyMs, calls, callsAMonth)
    if (why !== null && !isShort) log.warn(`CloudMonitor: ${why}`)
    isShort = why !== null
    return pacedEvery(everyMs, calls, callsAMonth)
  }
}
