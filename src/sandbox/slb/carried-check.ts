import type { HealthSpec, StatusRange } from '../../core/health.ts'
import { checkPort } from './listener-settings.ts'
import type { Listener } from './state.ts'

/** How the servers of a listener are checked. */
export function checkOf({ protocol, settings }: Listener): HealthSpec {
  const port = checkPort(settings)
  const common = {
    path: String(settings.HealthCheckURI ?? '/'),
    expect: statusesOf(String(settings.HealthCheckHttpCode ?? 'http_2xx')),
    intervalMs: Number(settings.HealthCheckInterval) * 1000,
    timeoutMs: Number(settings.HealthCheckTimeout ?? settings.HealthCheckConnectTimeout) * 1000,
    unhealthy: Number(settings.UnhealthyThreshold),
    healthy: Number(settings.HealthyThreshold),
    ...(port !== null && { port }),
  }
  // Whoever is not checked is well.
  if (settings.HealthCheck === 'off') return { ...common, type: 'command', command: ['true'] }
  if (protocol === 'udp') return { ...common, type: 'udp', ...exchangeOf(settings) }
  if (protocol === 'tcp' && settings.HealthCheckType === 'tcp') return { ...common, type: 'tcp' }
  const http = {
    method: String(settings.HealthCheckMethod ?? 'head').toUpperCase(),
    version: '1.0',
    host: hostOf(settings),
    headers: [],
    authorization: null,
    redirects: 0,
  } as const
  return { ...common, type: 'http', http }
}

/** `http_2xx,http_3xx`. */
function statusesOf(text: string): readonly StatusRange[] {
  return [...text.matchAll(/http_([2-5])xx/g)].map(([, hundred]) => ({
    from: Number(hundred) * 100,
    to: Number(hundred) * 100 + 99,
  }))
}

/** null = the server's own address. */
function hostOf({ HealthCheckDomain: domain = '$_ip' }: Listener['settings']): string | null {
  return domain === '$_ip' ? null : String(domain)
}

function exchangeOf({ healthCheckReq: send, healthCheckExp: expected }: Listener['settings']) {
  return {
    ...(send !== undefined && { send: String(send) }),
    ...(expected !== undefined && { answer: { text: String(expected) } }),
  }
}
