import type { Call } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { invalid, missing, Refusal } from '../refusal.ts'
import { int, readFields, text } from './fields.ts'
import { asJson } from './nested.ts'
import { denied, tooMany } from './refusals.ts'
import { found } from './resources.ts'
import type { Edition, Listener, LoadBalancer, Rule, RulePart } from './state.ts'
import { checkUse } from './uses.ts'

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createrules */
const MOST: Readonly<Record<Edition, { readonly conditions: number; readonly actions: number }>> = {
  Basic: { conditions: 5, actions: 3 },
  Standard: { conditions: 10, actions: 5 },
  StandardWithWaf: { conditions: 10, actions: 5 },
}
const MOST_GROUPS = 5
const CONDITIONS: Readonly<Record<Rule['direction'], readonly string[]>> = {
  Request: ['Host', 'Path', 'Header', 'QueryString', 'Method', 'Cookie', 'SourceIp'],
  Response: ['Header', 'ResponseHeader', 'ResponseStatusCode'],
}
/** A request ends with one of these, and with one only. */
const FINAL = ['ForwardGroup', 'Redirect', 'FixedResponse']
const OTHERS = ['Rewrite', 'InsertHeader', 'RemoveHeader', 'TrafficLimit', 'TrafficMirror', 'Cors']
const NAMED = {
  Priority: int(0, 1, 10_000),
  RuleName: text('', /^\p{L}[\p{L}\p{N}._-]{1,127}$/u),
} as const

export interface Place {
  readonly balancer: LoadBalancer
  readonly listener: Listener
  readonly direction: Rule['direction']
}

/** One rule that is given, over what it was. Throws a Refusal for what its place cannot have. */
export function readRule(call: Call, given: Given, place: Place, before?: RulePart): RulePart {
  const { Priority, RuleName } = readFields(
    given,
    NAMED,
    before && { Priority: before.priority, RuleName: before.name },
  )
  if (before === undefined)
    for (const name of ['Priority', 'RuleName', 'RuleConditions', 'RuleActions'])
      if (!given.has(name)) throw missing(name)
  const conditions = given.has('RuleConditions')
    ? { conditions: readConditions(given.objects('RuleConditions'), place) }
    : { conditions: before!.conditions }
  const actions = given.has('RuleActions')
    ? readActions(call, given.objects('RuleActions'), place)
    : { actions: before!.actions, groups: before!.groups }
  return { priority: Priority, name: RuleName, ...conditions, ...actions }
}

function readConditions(conditions: readonly Given[], { balancer, direction }: Place) {
  const most = MOST[balancer.edition].conditions
  if (conditions.length > most) throw tooMany('RuleConditionsNum', balancer.id, conditions.length, most)
  for (const condition of conditions) {
    const type = condition.text('Type')
    if (!CONDITIONS[direction].includes(type)) throw invalid('RuleConditions', `have no type ${type}`)
    if (!condition.has(`${type}Config`)) throw missing(`${type}Config`)
  }
  return conditions.map(({ tree }) => asJson(tree))
}

function readActions(call: Call, actions: readonly Given[], place: Place) {
  const { balancer, direction } = place
  const most = MOST[balancer.edition].actions
  if (actions.length > most) throw tooMany('RuleActionsNum', balancer.id, actions.length, most)
  const orders = actions.map((action) => readFields(action, { Order: int(0, 1, 50_000) }).Order)
  if (new Set(orders).size < orders.length) throw invalid('Order', 'must differ between actions')
  for (const action of actions) {
    const type = action.text('Type')
    if (![...FINAL, ...OTHERS].includes(type)) throw invalid('RuleActions', `have no type ${type}`)
    if (!action.has(`${type}Config`)) throw missing(`${type}Config`)
  }
  if (direction === 'Request') checkEnd(actions, orders)
  const groups = actions.flatMap(goalsOf)
  for (const id of groups)
    checkUse(call.world, balancer, place.listener.protocol, found(call, 'servergroup', id))
  return { actions: actions.map(({ tree }) => asJson(tree)), groups }
}

function checkEnd(actions: readonly Given[], orders: readonly number[]): void {
  const final = actions.filter((action) => FINAL.includes(action.text('Type')))
  const [only] = final
  if (only === undefined || final.length > 1)
    throw invalid('RuleActions', `must have one of ${FINAL.join(', ')}`)
  if (only.number('Order', 0) < Math.max(...orders))
    throw invalid('Order', `must be highest for ${only.text('Type')}`)
}

function goalsOf(action: Given): readonly string[] {
  const forward = action.object('ForwardGroupConfig').objects('ServerGroupTuples')
  const mirror = action.object('TrafficMirrorConfig').object('MirrorGroupConfig').objects('ServerGroupTuples')
  if (action.text('Type') === 'ForwardGroup' && (forward.length < 1 || forward.length > MOST_GROUPS))
    throw invalid('ServerGroupTuples', `must be from 1 to ${MOST_GROUPS}`)
  for (const tuple of forward) {
    if (forward.length > 1 && !tuple.has('Weight')) throw missing('Weight')
    readFields(tuple, { Weight: int(100, 0, 100) })
  }
  return [...forward, ...mirror].map((tuple) => tuple.text('ServerGroupId'))
}

/** Of answers, a Basic load balancer has no rules. */
export function directionOf(given: Given, { edition }: LoadBalancer): Rule['direction'] {
  const direction = given.has('Direction') ? given.text('Direction') : 'Request'
  if (direction !== 'Request' && direction !== 'Response') throw invalid('Direction')
  if (direction === 'Response' && edition === 'Basic') throw denied('BasicEditionNotSupportResponseRule')
  return direction
}

/** Throws a Refusal when two rules of a direction would come at once. */
export function checkPriorities(
  rules: readonly Pick<Rule, 'direction' | 'priority'>[],
  listener: string,
): void {
  const seen = new Set<string>()
  for (const { direction, priority } of rules) {
    const place = `${direction} ${priority}`
    if (seen.has(place))
      throw new Refusal(
        'Conflict.Priority',
        `There is already ${priority} having the same configuration with ${listener}.`,
      )
    seen.add(place)
  }
}
