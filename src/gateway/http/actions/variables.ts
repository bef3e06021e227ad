import type { Variable } from '../../../core/template.ts'
import type { Transaction } from '../filters/filter.ts'

/** A variable's value for this request. `query` is known until the request has gone to a pool. */
export function valueIn(transaction: Transaction): (variable: Variable) => string {
  const { head } = transaction
  return (variable) => {
    switch (variable) {
      case 'client':
        return transaction.clientAddress
      case 'host':
        return head.host
      case 'path':
        return head.path
      case 'query':
        return transaction.bytes?.toString('latin1', head.pathEnd, head.targetEnd) ?? ''
      case 'scheme':
        return transaction.scheme
      default:
        return variable satisfies never
    }
  }
}
