import type { Order, OrderBody } from '../../core/order.ts'
import type { Decision, Guard, View } from '../../core/scaling.ts'
import { adjust, agree } from './adjust.ts'

/** Exactly what an operator asked for, in place of what the policies want. The newest pin counts. */
export const pin: Guard = {
  name: 'pin',
  check(decision, view) {
    const order = inForce(view, 'pin').at(-1)
    if (!order) return decision
    const says = `pinned to ${order.desired} by ${order.by}`
    const because = { by: 'order:pin', says, untilAt: order.untilAt }
    return order.desired === decision.want
      ? agree(decision, because)
      : adjust(decision, order.desired, because)
  },
}

/** An operator wants no change in a direction; limits do not overrule it. */
export const pause: Guard = {
  name: 'pause',
  check(decision, view) {
    const direction = decision.want < decision.have ? 'in' : 'out'
    const order = inForce(view, 'pause').findLast(
      (pause) => pause.direction === 'both' || pause.direction === direction,
    )
    if (!order) return decision
    const says = `scale-${direction} is paused by ${order.by}`
    return adjust(decision, decision.have, { by: 'order:pause', says, untilAt: order.untilAt })
  },
}

/** The order `stop` needs no policy and knows no guard: no servers. Null when there is no such order. */
export function stopped(decision: Decision, view: View): Decision | null {
  const order = inForce(view, 'stop').at(-1)
  if (!order) return null
  const says = `stopped by ${order.by}`
  const reason = { by: 'order:stop', from: decision.have, to: 0, says, untilAt: order.untilAt }
  return { ...decision, want: 0, because: [reason] }
}

function inForce<Kind extends OrderBody['kind']>(view: View, kind: Kind) {
  return view.orders.filter(
    (order): order is Extract<Order, { kind: Kind }> =>
      order.kind === kind && (order.untilAt === null || order.untilAt > view.now),
  )
}
