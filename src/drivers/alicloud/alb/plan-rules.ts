import { foreignPart } from '../balancer/foreign-listeners.ts'
import { batches } from '../balancer/patience.ts'
import { covers } from './covers.ts'
import type { ListenerChange, Owner } from './listener-change.ts'
import { ownTag } from './naming.ts'
import type { SeenListener, SeenRule } from './see-listeners.ts'
import type { WantedListener, WantedRule } from './wanted-listener.ts'

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createrules */
const RULES_A_CALL = 10

/** What makes the rules of a listener that are ours just these; others stay. A rule is known by its priority. Pure. Throws Fault. */
export function ruleChanges(
  { id, port, isOwn, rules }: SeenListener,
  wanted: WantedListener,
  { installation, adopts }: Owner,
): readonly ListenerChange[] {
  // With a listener that is taken over come its rules.
  const own = rules.filter((rule) => rule.isOwn || !isOwn)
  const there = wanted.rules.map(({ priority }) => rules.find((rule) => rule.priority === priority))
  const foreign = there.find((rule) => rule !== undefined && !own.includes(rule))
  if (foreign !== undefined && !adopts) throw foreignPart(port, `rule ${nameOf(foreign)}`)
  const obsolete = own.filter((rule) => !there.includes(rule))
  const changed = wanted.rules.flatMap(({ settings }, nth) => {
    const rule = there[nth]
    return rule && !covers(rule.fields, settings) ? [{ RuleId: rule.id, ...settings }] : []
  })
  const missing = wanted.rules.filter((_, nth) => there[nth] === undefined)
  return [
    ...inCalls(obsolete, (batch) => ({
      action: 'DeleteRules',
      query: { RuleIds: batch.map((rule) => rule.id) },
    })),
    ...inCalls(changed, (Rules) => ({ action: 'UpdateRulesAttribute', query: {}, form: { Rules } })),
    ...inCalls(missing, (batch) => ({
      action: 'CreateRules',
      query: { ListenerId: id },
      form: { Rules: batch.map((rule) => made(rule, installation)) },
    })),
  ]
}

function inCalls<T>(items: readonly T[], call: (batch: readonly T[]) => ListenerChange): ListenerChange[] {
  return [...batches(items, RULES_A_CALL)].map(call)
}

function made({ priority, settings }: WantedRule, installation: string) {
  return { Priority: priority, ...settings, Tag: [ownTag(installation)] }
}

function nameOf({ priority, fields }: SeenRule): string {
  return `${fields.RuleName ?? ''} (${priority})`.trim()
}
