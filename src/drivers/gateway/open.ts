import type { Balancer, Member } from '../../core/balancer.ts'
import type { Purge, PurgeResult } from '../../core/cache.ts'
import type { GatewayStats, GatewayStatus } from '../../core/control.ts'
import type { MetricSource } from '../../core/metrics.ts'
import type { Clock, Millis } from '../../core/time.ts'
import { behindMs } from './behind.ts'
import { openCalls } from './call.ts'
import { gatewayMetrics } from './metrics.ts'

/** Our own gateway, over its control socket. */
export interface OpenGateway {
  readonly balancer: Balancer
  readonly metrics: MetricSource
  status(signal: AbortSignal): Promise<GatewayStatus>
  stats(windowMs: Millis, signal: AbortSignal): Promise<GatewayStats>
  /** Every worker's caches forget it. */
  purge(what: Purge, signal: AbortSignal): Promise<PurgeResult>
  /** The gateway's process ends when nothing is in flight any more, or after `drainMs`. */
  stop(drainMs: Millis, signal: AbortSignal): Promise<void>
  /** Closes its connections; the gateway goes on. */
  close(): void
}

/** Opens no connection yet: every call opens what it needs. All throw Fault. `epoch` is the controller's; by its clock are all instants. */
export function openGateway(controlPath: string, epoch: number, clock: Clock): OpenGateway {
  const { ask, call, close } = openCalls(controlPath)
  const read = async <T>(path: string, signal: AbortSignal, dated: (value: T, behindMs: Millis) => T) => {
    const sentAt = clock.now()
    const { value, saidAt } = await ask('GET', path, null, signal)
    return dated(value as T, behindMs(saidAt, sentAt, clock.now()))
  }
  const status = (signal: AbortSignal) =>
    read<GatewayStatus>('/status', signal, (told, ms) => ({ ...told, startedAt: told.startedAt + ms }))
  const stats = (windowMs: Millis, signal: AbortSignal) =>
    read<GatewayStats>(`/stats?windowMs=${windowMs}`, signal, (told, ms) => ({ ...told, at: told.at + ms }))
  const balancer: Balancer = {
    status,
    async configure(spec, signal) {
      await call('PUT', '/spec', { epoch, spec }, signal)
    },
    async members(pool, signal) {
      const path = `/members?pool=${encodeURIComponent(pool)}`
      return await read<readonly Member[]>(path, signal, (told, ms) =>
        ms === 0 ? told : told.map((member) => later(member, ms)),
      )
    },
    async put(pool, members, signal) {
      await call('PUT', '/members', { epoch, pool, members }, signal)
    },
    async drop(pool, ids, signal) {
      await call('POST', '/drop', { epoch, pool, ids }, signal)
    },
  }
  return {
    balancer,
    metrics: gatewayMetrics(stats),
    status,
    stats,
    async purge(what, signal) {
      return (await call('POST', '/purge', what, signal)) as PurgeResult
    },
    async stop(drainMs, signal) {
      await call('POST', '/stop', { drainMs }, signal)
    },
    close,
  }
}

function later(member: Member, ms: Millis): Member {
  const probes = member.probes.map((probe) => ({ ...probe, at: probe.at + ms }))
  return { ...member, sinceAt: member.sinceAt + ms, probes }
}
