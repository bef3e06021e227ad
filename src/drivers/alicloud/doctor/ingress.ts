import type { NeededPort } from '../../../core/finding.ts'
import { containsNetwork, parseNetwork } from '../../../core/network.ts'

/** A rule of a security group for what comes in. */
export interface IngressRule {
  /** `tcp`, `udp`, `icmp`, `all`, in lower case. */
  readonly protocol: string
  /** `80/443`; `-1/-1` = all. */
  readonly ports: string
  /** A network, or another group. */
  readonly source: string
  readonly accepts: boolean
  /** From 1, the strongest. */
  readonly priority: number
}

/** Where something may come from to a port, by the rules of all groups of a server together; empty = nowhere. A rule that drops wins over
 *  one that accepts the same source, or any, with no stronger priority:
 *  https://www.alibabacloud.com/help/en/ecs/user-guide/security-group-rules. */
export function sourcesTo(rules: readonly IngressRule[], need: NeededPort, port: number): readonly string[] {
  const about = rules.filter((rule) => concerns(rule, need, port))
  const drops = about.filter(({ accepts }) => !accepts)
  const open = about.filter(
    (rule) =>
      rule.accepts &&
      !drops.some(
        ({ source, priority }) => priority <= rule.priority && (source === rule.source || isAnywhere(source)),
      ),
  )
  return [...new Set(open.map(({ source }) => source))]
}

/** Those of the networks that none of the sources holds. */
export function keptOut(networks: readonly string[], sources: readonly string[]): readonly string[] {
  const holds = (source: string, network: string) => {
    const [outer, inner] = [parseNetwork(source), parseNetwork(network)]
    return outer !== null && inner !== null && containsNetwork(outer, inner)
  }
  return networks.filter((network) => !sources.some((source) => holds(source, network)))
}

export function isAnywhere(source: string): boolean {
  return source === '0.0.0.0/0' || source === '::/0'
}

function concerns({ protocol, ports }: IngressRule, need: NeededPort, port: number): boolean {
  if (protocol !== 'all' && protocol !== need.protocol) return false
  if (need.protocol === 'icmp' || ports === '-1/-1') return true
  const [from = 0, to = 0] = ports.split('/').map(Number)
  return from <= port && port <= to
}
