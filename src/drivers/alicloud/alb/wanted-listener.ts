import type { ListenerSpec } from '../../../core/balancer.ts'
import type { Millis } from '../../../core/time.ts'
import type { Parameters } from '../client/parameters.ts'
import { nameOf } from './naming.ts'
import { actionOf, conditionsOf, forwardTo } from './rule-parts.ts'

/** No client of our defaults speaks less than TLS 1.2; this one has TLS 1.3 too:
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/user-guide/tls-security-policies */
const TLS_POLICY = 'tls_cipher_policy_1_2_strict_with_1_3'

export interface WantedRule {
  readonly priority: number
  readonly settings: Parameters
}

/** A listener of ALB as it should be; settings by the names of GetListenerAttribute. */
export interface WantedListener {
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly settings: Parameters
  /** The first one is for clients that name no host, or one that no certificate has. */
  readonly certificates: readonly string[]
  readonly rules: readonly WantedRule[]
}

export interface Surroundings {
  /** The group of each pool. */
  readonly groups: ReadonlyMap<string, string>
  /** Of the listener, in the order of the file. */
  readonly certificates: readonly string[]
}

/** Where a listener stands. */
export function placeOf({ bind, protocol }: ListenerSpec): Pick<WantedListener, 'port' | 'protocol'> {
  return { port: bind.port, protocol: protocol === 'https' ? 'HTTPS' : 'HTTP' }
}

/** Pure. The specification is one that `albRefuses` has not refused. */
export function wantedListener(
  listener: ListenerSpec,
  { groups, certificates }: Surroundings,
): WantedListener {
  const isTls = listener.protocol === 'https'
  const { Type, ForwardGroupConfig } = forwardTo([{ ServerGroupId: groups.get(listener.pool!) }])
  return {
    ...placeOf(listener),
    settings: {
      ListenerDescription: nameOf(listener.name),
      DefaultActions: [{ Type, ForwardGroupConfig }],
      IdleTimeout: seconds(listener.limits.idleMs, 60),
      RequestTimeout: seconds(listener.limits.responseMs, 180),
      ...(isTls && { SecurityPolicyId: TLS_POLICY }),
    },
    certificates,
    rules: listener.rules.map(({ match, action }, index) => ({
      priority: index + 1,
      settings: {
        RuleName: nameOf(listener.name, index + 1),
        RuleConditions: conditionsOf(match),
        RuleActions: [actionOf(action, groups)],
      },
    })),
  }
}

/** As near as the cloud comes. */
function seconds(ms: Millis, most: number): number {
  return Math.min(most, Math.max(1, Math.round(ms / 1000)))
}
