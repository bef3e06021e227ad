import { join } from 'node:path'
import type { ListenerLimits, ListenerSpec, PoolSpec, UpstreamSpec } from '../../core/balancer.ts'
import { KEEP_ALIVE } from '../../core/keep-alive.ts'
import { OUTLIER, type OutlierSpec } from '../../core/outlier.ts'
import type { CertificateSpec } from '../../core/tls.ts'

/** What a real gateway serves of a product. The name of a pool is the id of its load balancer, a slash, and more. */
export interface Carried {
  readonly listeners: readonly ListenerSpec[]
  readonly pools: readonly PoolSpec[]
}

const SECOND_MS = 1_000
const GIB = 1024 ** 3

/** What the cloud does not let one set. */
export const LIMITS: ListenerLimits = {
  headerBytes: 32 * 1024,
  headerCount: 100,
  bodyBytes: 50 * GIB,
  firstByteMs: 60 * SECOND_MS,
  headerMs: 10 * SECOND_MS,
  idleMs: 15 * SECOND_MS,
  bodyMs: 60 * SECOND_MS,
  responseMs: 60 * SECOND_MS,
  connections: 5_000,
}

export const UPSTREAM: UpstreamSpec = {
  connectMs: 5 * SECOND_MS,
  idleMs: 60 * SECOND_MS,
  maxConnections: 1_000,
  maxPending: 1_000,
  keepAlive: KEEP_ALIVE,
}

/** Checks alone tell who is well: that requests fail takes no server out ("ALB health checks", alibabacloud.com/help, March 2026; of CLB
 *  nothing else is said). */
export const CHECKS_ALONE: OutlierSpec = { ...OUTLIER, connectFailures: Number.MAX_SAFE_INTEGER }

/** Where the certificate of that id is for the gateway to read. */
export function certificateFiles(folder: string, id: string): CertificateSpec {
  return { cert: join(folder, `${id}.crt`), key: join(folder, `${id}.key`) }
}
