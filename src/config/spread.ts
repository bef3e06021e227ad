import type * as z from 'zod'
import type { Algorithm, HashSpec } from '../core/algorithm.ts'
import type { ListenerSpec, PoolSpec } from '../core/balancer.ts'
import { OUTLIER, type OutlierSpec } from '../core/outlier.ts'
import { targetsOf } from '../core/rule.ts'
import type { Report } from './report.ts'
import type { AFFINITY, HASH, OUTLIER_SECTION, WEIGHTS } from './spread-schema.ts'

interface Parsed {
  readonly hash: z.output<typeof HASH>
  readonly affinity?: z.output<typeof AFFINITY> | undefined
  readonly outlier: z.output<typeof OUTLIER_SECTION>
  readonly weights: z.output<typeof WEIGHTS>
}

/** Only what differs from how pools are without it. */
export function readSpread({
  hash,
  affinity,
  outlier,
  weights,
}: Parsed): Pick<PoolSpec, 'hash' | 'affinity' | 'outlier' | 'weights'> {
  const read: OutlierSpec = {
    connectFailures: outlier['connect-failures'],
    errors: outlier.errors ?? null,
    successRate: outlier['success-rate'],
    timeMs: outlier.time,
    mostTimeMs: Math.max(outlier.time, outlier['most-time']),
    share: outlier.share,
  }
  const differs = Object.entries(read).some(([key, value]) => OUTLIER[key as keyof OutlierSpec] !== value)
  const ofHash = readHash(hash)
  return {
    ...(ofHash && { hash: ofHash }),
    ...(affinity && {
      affinity: { cookie: affinity.cookie, lifetimeMs: affinity.lifetime, secret: affinity.secret ?? null },
    }),
    ...(differs && { outlier: read }),
    ...(weights.policy && { weights: { policy: weights.policy, rttMaxMs: weights['rtt-max'] ?? null } }),
  }
}

/** null when it says nothing. */
export function readHash({ header, cookie, bound }: Parsed['hash']): HashSpec | null {
  if (header === undefined && cookie === undefined && bound === undefined) return null
  return {
    ...(header !== undefined && { header: header.toLowerCase() }),
    ...(cookie !== undefined && { cookie }),
    ...(bound !== undefined && { bound: bound / 100 }),
  }
}

/** An algorithm that goes by a header or a cookie needs the pool to say which. */
export function checkHashes(
  pools: readonly PoolSpec[],
  listeners: readonly ListenerSpec[],
  report: Report,
): void {
  const byName = new Map(pools.map((pool) => [pool.name, pool]))
  for (const { name, algorithm, hash } of pools) {
    const missing = missingKey(algorithm, hash)
    if (missing)
      report.error(['pools', name, 'algorithm'], `${algorithm} needs hash: { ${missing}: ... } of the pool`)
  }
  for (const listener of listeners) {
    listener.rules.forEach((rule, index) => {
      for (const name of targetsOf(rule.action)) {
        const pool = byName.get(name)
        const { algorithm, hash = null } = rule.spread ?? {}
        const missing = pool && algorithm && missingKey(algorithm, hash ?? pool.hash)
        if (!missing) continue
        const at = ['listeners', listener.name, 'rules', index, 'algorithm']
        report.error(at, `${algorithm} needs hash: { ${missing}: ... } of the rule or of pool ${name}`)
      }
    })
  }
}

function missingKey(algorithm: Algorithm, hash: PoolSpec['hash']): 'header' | 'cookie' | null {
  if (algorithm === 'header-hash' && hash?.header === undefined) return 'header'
  return algorithm === 'cookie-hash' && hash?.cookie === undefined ? 'cookie' : null
}
