import type { TlsStats } from '../core/control.ts'
import { TLS_GROUPS } from '../core/tls.ts'
import type { Family, Labels, Scrape, Series } from './metric-family.ts'

interface Side {
  readonly labels: Labels
  readonly tls: TlsStats | undefined
}

const clients = ({ stats }: Scrape): readonly Side[] =>
  (stats?.listeners ?? []).map(({ name, tls }) => ({ labels: { listener: name }, tls }))
const servers = ({ stats }: Scrape): readonly Side[] =>
  (stats?.pools ?? []).map(({ name, tls }) => ({ labels: { pool: name }, tls }))

/** What is encrypted, and how. */
export const TLS_FAMILIES: readonly Family[] = [
  {
    name: 'tidegate_listener_tls_handshakes',
    type: 'counter',
    help: 'TLS handshakes with clients, by key-exchange group; none = a session resumed without one.',
    read: (scrape) => clients(scrape).flatMap(byGroup),
  },
  {
    name: 'tidegate_listener_tls_resumed',
    type: 'counter',
    help: 'Those of them that resumed a session.',
    read: (scrape) => clients(scrape).flatMap(one((tls) => tls.resumed)),
  },
  {
    name: 'tidegate_listener_tls_failed',
    type: 'counter',
    help: 'Client connections that ended before their TLS handshake did.',
    read: (scrape) => clients(scrape).flatMap(one((tls) => tls.failed)),
  },
  {
    name: 'tidegate_pool_tls_handshakes',
    type: 'counter',
    help: 'TLS handshakes with servers, by key-exchange group.',
    read: (scrape) => servers(scrape).flatMap(byGroup),
  },
  {
    name: 'tidegate_pool_tls_resumed',
    type: 'counter',
    help: 'Those of them that resumed a session.',
    read: (scrape) => servers(scrape).flatMap(one((tls) => tls.resumed)),
  },
  {
    name: 'tidegate_certificate_expiry_seconds',
    type: 'gauge',
    help: 'When a certificate of a listener ends, in seconds since 1970.',
    read: ({ stats }) =>
      (stats?.certificates ?? []).map(({ listener, file, expiresAt }) => ({
        labels: { listener, file },
        value: expiresAt / 1000,
      })),
  },
]

function byGroup({ labels, tls }: Side): readonly Series[] {
  return (tls?.handshakes ?? []).map((value, at) => ({
    labels: { ...labels, group: TLS_GROUPS[at] ?? 'none' },
    value,
  }))
}

function one(value: (tls: TlsStats) => number): (side: Side) => readonly Series[] {
  return ({ labels, tls }) => (tls ? [{ labels, value: value(tls) }] : [])
}
