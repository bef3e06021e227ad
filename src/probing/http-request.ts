import { Buffer } from 'node:buffer'
import type { AuthorizationSpec, HttpCheckSpec } from '../core/health.ts'
import type { ProbeTarget } from './attempt.ts'

/** What is asked for when a check says nothing else. */
export const PLAIN: HttpCheckSpec = {
  method: 'GET',
  version: '1.1',
  host: null,
  headers: [],
  authorization: null,
  redirects: 0,
}

/** What `Host` and `:authority` say. */
export function authorityOf({ host, port, name = host }: ProbeTarget, spec: HttpCheckSpec): string {
  return spec.host ?? `${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** Beside the host; names as they are written. */
export function headersOf({
  method,
  headers,
  authorization,
}: HttpCheckSpec): readonly (readonly [string, string])[] {
  const own: (readonly [string, string])[] = [
    ['User-Agent', 'tidegate-health'],
    ['Accept', '*/*'],
  ]
  if (authorization !== null) own.push(['Authorization', credentials(authorization)])
  if (method === 'POST' || method === 'PUT' || method === 'PATCH') own.push(['Content-Length', '0'])
  if (headers.length === 0) return own
  const named = new Set(headers.map(([name]) => name.toLowerCase()))
  return [...own.filter(([name]) => !named.has(name.toLowerCase())), ...headers]
}

/** RFC 7617 and 6750. */
function credentials(authorization: AuthorizationSpec): string {
  if ('bearer' in authorization) return `Bearer ${authorization.bearer}`
  const pair = Buffer.from(`${authorization.user}:${authorization.password}`).toString('base64')
  return `Basic ${pair}`
}
