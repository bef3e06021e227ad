import type { OrderBody } from '../core/order.ts'

/** What an order asks for. */
export function inWords(order: OrderBody): string {
  switch (order.kind) {
    case 'pause':
      return order.direction === 'both' ? 'pause' : `pause scale-${order.direction}`
    case 'pin':
      return `${order.desired} servers`
    case 'drain':
      return `drain ${order.server}`
    case 'replace':
    case 'stop':
      return order.kind
    case 'weight':
      return `weight ${order.weight} for ${order.member} in pool ${order.pool}`
    case 'canary':
      return `${order.action} canary ${order.canary}`
    case 'tuning':
      return `${order.action} what is tuned`
    default:
      return order satisfies never
  }
}
