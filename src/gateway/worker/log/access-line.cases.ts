import type { AccessEntry } from './access-line.ts'

/** A request like any other. */
export const ENTRY: AccessEntry = {
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  listener: 'web',
  client: '192.0.2.1',
  method: 'GET',
  host: 'a',
  path: '/a?b=c',
  protocol: 'HTTP/1.1',
  referer: 'http://b/',
  userAgent: 'curl/8.1',
  status: 200,
  bytesIn: 1,
  bytesOut: 2,
  ms: 1.2,
  phases: null,
  trace: null,
  class: null,
  pool: 'main',
  server: null,
  retries: 0,
  why: null,
  tls: null,
  serverTls: null,
}
