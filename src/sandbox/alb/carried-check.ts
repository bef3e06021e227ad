import type { HealthSpec, HealthType, StatusRange } from '../../core/health.ts'
import type { GroupSettings } from './group-settings.ts'

const TYPES: Readonly<Record<string, HealthType>> = { HTTP: 'http', HTTPS: 'https', TCP: 'tcp', gRPC: 'grpc' }

/** How the servers of a group are checked. */
export function checkOf(config: GroupSettings['HealthCheckConfig']): HealthSpec {
  const type = TYPES[config.HealthCheckProtocol]!
  const common = {
    path: config.HealthCheckPath,
    expect: statusesOf(config.HealthCheckCodes),
    intervalMs: config.HealthCheckInterval * 1000,
    timeoutMs: config.HealthCheckTimeout * 1000,
    unhealthy: config.UnhealthyThreshold,
    healthy: config.HealthyThreshold,
    ...(config.HealthCheckConnectPort !== 0 && { port: config.HealthCheckConnectPort }),
  }
  // Whoever is not checked is well.
  if (!config.HealthCheckEnabled) return { ...common, type: 'command', command: ['true'] }
  if (type !== 'http' && type !== 'https') return { ...common, type }
  const http = {
    method: config.HealthCheckMethod,
    version: config.HealthCheckHttpVersion === 'HTTP1.0' ? '1.0' : '1.1',
    host: config.HealthCheckHost === '' ? null : config.HealthCheckHost,
    headers: [],
    authorization: null,
    redirects: 0,
  } as const
  return { ...common, type, http }
}

/** `http_2xx`; of gRPC they are judged by the check itself. */
function statusesOf(codes: readonly string[]): readonly StatusRange[] {
  return codes.flatMap((code) => {
    const hundred = Number(/^http_([1-5])xx$/.exec(code)?.[1] ?? 0)
    return hundred === 0 ? [] : [{ from: hundred * 100, to: hundred * 100 + 99 }]
  })
}
