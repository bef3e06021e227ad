import type { Call, Done } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import { withId } from '../world.ts'
import { balancerNamed, changed, freeBalancer } from './balancers.ts'
import { jsonList } from './json-list.ts'
import { listenerNamed, protocolOf, withListener } from './listener-named.ts'
import type { ForwardingRule, Listener, LoadBalancer } from './state.ts'

const MAX_A_CALL = 10
/** Of a listener: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/product-overview/limits. */
const MAX_RULES = 40
const DOMAIN = /^(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+(\.\*)?$/i
const URL = /^\/[\w\-/.%?#&=]{0,79}$/
const NAME = /^[\w\-/.]{1,40}$/

export function createRules(call: Call): Done {
  const balancer = freeBalancer(call)
  const listener = httpListener(call, balancer)
  let { world } = call
  const added = itemsOf(call).map((item) => {
    const [next, id] = withId(world, 'rule-')
    world = next
    return ruleOf(call, balancer, item, id)
  })
  const rules = [...listener.rules, ...added]
  if (rules.length > MAX_RULES)
    throw new Refusal('TooManyRules', 'the number of rules under specified vip is beyond maximum limit.')
  checkUnique(rules)
  const Rule = added.map(({ id, name }) => ({ RuleId: id, RuleName: name }))
  return {
    world: changed(world, withListener(balancer, { ...listener, rules }), call.now),
    body: { Rules: { Rule } },
  }
}

function httpListener(call: Call, balancer: LoadBalancer): Listener {
  const listener = listenerNamed(call, balancer, protocolOf(call))
  if (listener.protocol === 'http' || listener.protocol === 'https') return listener
  throw new Refusal('RuleNotSupport', 'Rule is not support in the tcp type listener.')
}

type Item = Readonly<Record<string, unknown>>

function itemsOf({ given }: Call): readonly Item[] {
  const read = jsonList(given.text('RuleList'), malformed)
  if (read.length === 0 || read.length > MAX_A_CALL) throw malformed()
  return read.map((item) => {
    if (typeof item !== 'object' || item === null) throw malformed()
    return item as Item
  })
}

function malformed(): Refusal {
  return new Refusal('RuleListMalformed', 'the specified parameter RuleList is unavailable.')
}

function ruleOf(call: Call, balancer: LoadBalancer, item: Item, id: string): ForwardingRule {
  const { RuleName: name, Domain: domain = '', Url: url = '', VServerGroupId: group } = item
  if (typeof name !== 'string' || !NAME.test(name) || (domain === '' && url === '')) throw malformed()
  if (typeof domain !== 'string' || (domain !== '' && !DOMAIN.test(domain)))
    throw new Refusal('DomainMalformed', 'the specified domain in RuleList parameter is unavailable.')
  if (typeof url !== 'string' || (url !== '' && !URL.test(url)))
    throw new Refusal('UrlMalformed', 'the specified url in RuleList parameter is unavailable.')
  return { id, name, domain, url, group: groupOf(call, balancer, String(group)) }
}

function groupOf({ world }: Call, balancer: LoadBalancer, id: string): string {
  if (world.slb.groups.get(id)?.balancer === balancer.id) return id
  throw new Refusal('InvalidParameter', 'The specified VServerGroupId does not exist.', 404)
}

function checkUnique(rules: readonly ForwardingRule[]): void {
  if (new Set(rules.map(({ domain, url }) => `${domain} ${url}`)).size < rules.length)
    throw new Refusal('DomainExist', 'rule with same domain and url already exists in specified vip')
  if (new Set(rules.map(({ name }) => name)).size < rules.length) throw malformed()
}

export function describeRules(call: Call): Done {
  const { rules } = listenerNamed(call, balancerNamed(call), protocolOf(call))
  const Rule = rules.map(({ id, name, domain, url, group }) => ({
    RuleId: id,
    RuleName: name,
    Domain: domain,
    Url: url,
    VServerGroupId: group,
    // Scheduling and checks are those of the listener.
    ListenerSync: 'on',
  }))
  return { world: call.world, body: { Rules: { Rule } } }
}

/** Another name, another group. */
export function setRule(call: Call): Done {
  const { given } = call
  const found = ruleNamed(call, given.text('RuleId'))
  const { listener, rule } = found
  const balancer = freeBalancer(call, found.balancer.id)
  const next = {
    ...rule,
    name: given.has('RuleName') ? given.text('RuleName') : rule.name,
    group: given.has('VServerGroupId') ? groupOf(call, balancer, given.text('VServerGroupId')) : rule.group,
  }
  const rules = listener.rules.map((one) => (one === rule ? next : one))
  checkUnique(rules)
  return { world: changed(call.world, withListener(balancer, { ...listener, rules }), call.now), body: {} }
}

/** All of them, or none. */
export function deleteRules(call: Call): Done {
  let after = call
  const ids = jsonList(call.given.text('RuleIds'), malformed)
  const found = ids.map((id) => ruleNamed(call, String(id)))
  for (const { balancer } of found) freeBalancer(call, balancer.id)
  for (const { rule } of found) {
    const { balancer, listener } = ruleNamed(after, rule.id)
    const rules = listener.rules.filter(({ id }) => id !== rule.id)
    after = {
      ...after,
      world: changed(after.world, withListener(balancer, { ...listener, rules }), call.now),
    }
  }
  return { world: after.world, body: {} }
}

function ruleNamed(call: Call, id: string) {
  for (const of of call.world.slb.balancers.values())
    for (const listener of of.listeners) {
      const rule = listener.rules.find((one) => one.id === id)
      if (rule !== undefined) return { balancer: balancerNamed(call, of.id), listener, rule }
    }
  throw new Refusal('InvalidRuleId.NotFound', 'Rule does not exist.', 404)
}
