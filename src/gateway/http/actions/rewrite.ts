import { Buffer } from 'node:buffer'
import { RE2JS } from 're2js'
import type { RewriteSpec } from '../../../core/rule.ts'
import { isPlainPath } from '../../http1/request-target.ts'
import type { Filter, Transaction } from '../filters/filter.ts'
import { errorReply } from '../reply.ts'

/** Gives the server another path. What would be a path of another kind then (`/a..` without its `a` say) is 400. */
export class Rewrite implements Filter {
  readonly #pathOf: (path: string) => string

  constructor(spec: RewriteSpec) {
    this.#pathOf = spec.by === 'prefix' ? prefixed(spec.prefix, spec.to) : replaced(spec.regex, spec.to)
  }

  request(transaction: Transaction): 'next' | 'taken' {
    const { head } = transaction
    if (head.form === 'asterisk') return 'next'
    const path = this.#pathOf(head.path)
    if (path === head.path) return 'next'
    const bytes = Buffer.from(path, 'latin1')
    if (!path.startsWith('/') || !isPlainPath(bytes, 0, bytes.length)) {
      transaction.answer(errorReply(400), 'bad-rewrite')
      return 'taken'
    }
    head.newPath = path
    return 'next'
  }
}

function prefixed(prefix: string, to: string): (path: string) => string {
  return (path) => {
    const isWithin = path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/')
    return isWithin ? to + path.slice(prefix.length) || '/' : path
  }
}

function replaced(pattern: string, to: string): (path: string) => string {
  const regex = RE2JS.compile(pattern)
  return (path) => regex.matcher(path).replaceFirst(to)
}
