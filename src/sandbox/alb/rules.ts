import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { invalid } from '../refusal.ts'
import { hasTags } from '../tag-rows.ts'
import { withId } from '../world.ts'
import { begun } from './jobs.ts'
import { named } from './listeners.ts'
import { tooMany } from './refusals.ts'
import { found, idle, listBody, owned, selects, statusOf } from './resources.ts'
import { checkPriorities, directionOf, readRule } from './rule-parts.ts'
import type { Edition, Rule, Work } from './state.ts'
import { tagList } from './tags.ts'

/** Of one listener: https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/limits */
const MOST: Readonly<Record<Edition, number>> = { Basic: 40, Standard: 100, StandardWithWaf: 100 }
const MOST_DELETED = 100

/** All or none. */
export function createRules(call: Call): Done {
  const listener = named(call)
  const balancer = found(call, 'loadbalancer', listener.balancer)
  const given = call.given.objects('Rules')
  const before = rulesOf(call, listener.id)
  const usage = before.length + given.length
  const most = MOST[balancer.edition]
  if (usage > most) throw tooMany('ListenerRulesNum', listener.id, usage, most)
  let { world } = call
  const rules = given.map((one): Rule => {
    const direction = directionOf(one, balancer)
    const part = readRule(call, one, { balancer, listener, direction })
    const [next, id] = withId(world, 'rule-')
    world = next
    const { account, region } = listener
    const about = { id, account, region, createdAt: call.now, work: 'Create' as const, next: {} }
    return { ...about, ...part, tags: tagsOf(one), listener: listener.id, direction }
  })
  checkPriorities([...before, ...rules], listener.id)
  const RuleIds = rules.map(({ id, priority }) => ({ RuleId: id, Priority: priority }))
  return worked({ ...call, world }, ['CreateRules', 'Create'], rules, { RuleIds })
}

/** All or none; what is not given of a rule stays. */
export function updateRulesAttribute(call: Call): Done {
  const rules = call.given.objects('Rules').map((one) => withNext(call, one))
  for (const id of new Set(rules.map(({ listener }) => listener))) {
    const others = rulesOf(call, id).filter((rule) => !rules.some((one) => one.id === rule.id))
    const changed = rules.filter(({ listener }) => listener === id)
    checkPriorities([...others, ...changed.map((rule) => ({ ...rule, ...rule.next }))], id)
  }
  return worked(call, ['UpdateRulesAttribute', 'Update'], rules)
}

export function deleteRules(call: Call): Done {
  const ids = call.given.texts('RuleIds')
  if (ids.length > MOST_DELETED) throw invalid('RuleIds', `must be at most ${MOST_DELETED}`)
  const rules = ids.map((id) => idle(call, 'rule', id))
  return worked(call, ['DeleteRules', 'Delete'], rules)
}

export function listRules(call: Call): Done {
  const { given, world } = call
  const rules = owned(call, 'rule')
    .filter(
      (rule) =>
        selects(given, 'RuleIds', rule.id) &&
        selects(given, 'ListenerIds', rule.listener) &&
        selects(given, 'LoadBalancerIds', balancerOf(call, rule)) &&
        (!given.has('Direction') || given.text('Direction') === rule.direction) &&
        hasTags(given, rule.tags),
    )
    .sort((a, b) => a.priority - b.priority)
  return { world, body: listBody(given, 'Rules', rules, (rule) => ruleAnswer(call, rule)) }
}

function worked(
  call: Call,
  [action, work]: readonly [string, Work],
  rules: readonly Rule[],
  more: object = {},
): Done {
  const [world, JobId] = begun(call, { action, kind: 'rule', work }, rules)
  return { world, body: { JobId, ...more } }
}

function withNext(call: Call, given: Given): Rule {
  const rule = idle(call, 'rule', given.text('RuleId'))
  const listener = found(call, 'listener', rule.listener)
  const balancer = found(call, 'loadbalancer', listener.balancer)
  const place = { balancer, listener, direction: rule.direction }
  return { ...rule, next: readRule(call, given, place, rule) }
}

function rulesOf(call: Call, listener: string): readonly Rule[] {
  return owned(call, 'rule').filter((rule) => rule.listener === listener)
}

function balancerOf(call: Call, { listener }: Rule): string {
  return found(call, 'listener', listener).balancer
}

function ruleAnswer(call: Call, rule: Rule) {
  return {
    RuleId: rule.id,
    RuleName: rule.name,
    RuleStatus: statusOf('rule', rule.work, 'Available'),
    ListenerId: rule.listener,
    LoadBalancerId: balancerOf(call, rule),
    Priority: rule.priority,
    Direction: rule.direction,
    RuleConditions: rule.conditions,
    RuleActions: rule.actions,
    Tags: tagList(rule.tags),
  }
}
